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
export function* fileEvents(entry: BodyfileEntry, place: EventPlace): Generator<TimelineEvent> {
  const { inode, mode, uid, gid, size, md5 } = entry;
  const path = messageText(entry.name);
  const target = entry.target === undefined ? '' : ` -> ${messageText(entry.target)}`;
  const podUid = podDirectory.exec(path)?.[1];
  const pod = podUid === undefined ? undefined : place.podOf(podUid);
  for (const [index, [first]] of kinds.entries()) {
    const moment = entry[first];
    if (moment === 0 || kinds.slice(0, index).some(([other]) => entry[other] === moment)) continue;
    const equal = kinds.filter(([other]) => entry[other] === moment);
    const time = timeText(moment);
    yield {
      time: time ?? String(moment),
      source: 'file',
      what: equal.map(([, , what]) => what).join('; '),
      dataType: 'fs:bodyfile:entry',
      message: `${equal.map(([name]) => name).join(', ')} ${path}${target}`,
      ...(place.node === undefined ? {} : { node: place.node }),
      ...(pod === undefined ? {} : { pod }),
      path,
      file: {
        inode,
        mode,
        uid,
        gid,
        size,
        times: equal.map(([, letter]) => letter).join(''),
        ...(md5 === undefined ? {} : { md5 }),
      },
    };
  }
}

/** Seconds with a fraction, which a double holds to some hundred nanoseconds: microseconds are told. */
function timeText(seconds: number): string | undefined {
  const whole = Math.floor(seconds);
  if (whole === seconds) return instantText(whole);
  const micros = Math.round((seconds - whole) * 1e6);
  return micros === 1_000_000 ? instantText(whole + 1) : instantText(whole, micros, 6);
}
