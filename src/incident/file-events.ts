import type { BodyfileEntry } from '../artifacts/bodyfile.ts';
import { instantText } from '../artifacts/instant.ts';
import { type EventPlace, messageText, type TimelineEvent } from './event.ts';

const kinds = [
  ['modified', 'm', 'Content Modification Time'],
  ['accessed', 'a', 'Last Access Time'],
  ['changed', 'c', 'Metadata Modification Time'],
  ['created', 'b', 'Creation Time'],
] as const;

const podDirectory =
  /^\/var\/l(?:ib\/kubelet\/pods\/|og\/pods\/[^/_]+_[^/_]+_)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/|$)/;

/** One event for each moment of a file, as mactime has it: times of a file that are equal are one. A time of 0 is not known. */
export function fileEvents(entry: BodyfileEntry, place: EventPlace): TimelineEvent[] {
  const { inode, mode, uid, gid, size, md5 } = entry;
  const path = messageText(entry.name);
  const target = entry.target === undefined ? '' : ` -> ${messageText(entry.target)}`;
  const podUid = podDirectory.exec(path)?.[1];
  const pod = podUid === undefined ? undefined : place.podOf(podUid);
  const events: TimelineEvent[] = [];
  for (const moment of new Set(kinds.map(([kind]) => entry[kind]))) {
    if (moment === 0) continue;
    const { what, names, letters } = equalTimes(entry, moment);
    events.push({
      time: timeText(moment) ?? String(moment),
      source: 'file',
      what,
      dataType: 'fs:bodyfile:entry',
      message: `${names} ${path}${target}`,
      ...(place.node === undefined ? {} : { node: place.node }),
      ...(pod === undefined ? {} : { pod }),
      path,
      file: { inode, mode, uid, gid, size, times: letters, ...(md5 === undefined ? {} : { md5 }) },
    });
  }
  return events;
}

interface Times {
  readonly what: string;
  readonly names: string;
  readonly letters: string;
}

/** Words for each of the sixteen sets of times, made once. */
const words: readonly Times[] = Array.from({ length: 1 << kinds.length }, (_, set) => {
  const chosen = kinds.filter((_kind, bit) => ((set >> bit) & 1) === 1);
  return {
    what: chosen.map(([, , what]) => what).join('; '),
    names: chosen.map(([name]) => name).join(', '),
    letters: chosen.map(([, letter]) => letter).join(''),
  };
});

/** Which of a file's times a moment is, in words. */
function equalTimes(entry: BodyfileEntry, moment: number): Times {
  const set = kinds.reduce((bits, [kind], bit) => (entry[kind] === moment ? bits | (1 << bit) : bits), 0);
  return words[set] ?? { what: '', names: '', letters: '' };
}

/** Seconds with a fraction, which a double holds to some hundred nanoseconds: microseconds are told. */
function timeText(seconds: number): string | undefined {
  const whole = Math.floor(seconds);
  if (whole === seconds) return instantText(whole);
  const micros = Math.round((seconds - whole) * 1e6);
  return micros === 1_000_000 ? instantText(whole + 1) : instantText(whole, micros, 6);
}
