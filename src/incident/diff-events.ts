import { utcText } from '../artifacts/instant.ts';
import { type JsonObject, listOf, numberOf, objectOf, textOf, textsOf } from '../artifacts/json.ts';
import type { PodDiffPiece } from '../artifacts/pod-diff.ts';
import { escapedText, type EventPlace, messageText, type TimelineEvent } from './event.ts';

/**
 * What a container changed against its image, from the pieces of its diff: when each path was touched first (the time of its
 * inode in the writable layer, which a container can't set), its time of last change where that differs, files on volumes and
 * in memory, and programs that run without a file of the image.
 */
export class DiffEvents {
  readonly #node: string | undefined;
  #pod = '';
  #container = '';

  constructor({ node }: Pick<EventPlace, 'node'>) {
    this.#node = node;
  }

  *of(piece: PodDiffPiece): Generator<TimelineEvent> {
    if (piece.kind === 'pod') {
      const [namespace, name] = ['namespace', 'name'].map((key) => textOf(objectOf(piece.pod)?.[key]) ?? '');
      this.#pod = messageText(`${namespace}/${name}`);
    } else if (piece.kind === 'change') yield* this.#change(piece.change);
    else yield* this.#ofContainer(piece.container);
  }

  *#ofContainer(container: JsonObject): Generator<TimelineEvent> {
    this.#container = messageText(textOf(container['name']) ?? '');
    for (const one of listOf(container['processes'])) yield* this.#process(objectOf(one) ?? {});
    const mounts = [
      ...listOf(container['mounts']),
      ...listOf(container['namespaces']).flatMap((one) => listOf(objectOf(one)?.['mounts'])),
    ];
    for (const mount of mounts)
      for (const entry of listOf(objectOf(objectOf(mount)?.['content'])?.['entries']))
        yield* this.#change({ ...objectOf(entry), change: 'volume' });
  }

  *#change(change: JsonObject): Generator<TimelineEvent> {
    const path = escapedText(textOf(change['path']) ?? '');
    const word = textOf(change['change']) ?? '';
    const flags = textsOf(change['flags']);
    const [touched, by, modified] = ['ctime', 'notAfter', 'mtime'].map((key) =>
      utcText(textOf(change[key]) ?? ''),
    );
    const size = numberOf(change['size']);
    const from = textOf(change['from']);
    const details = [...(from === undefined ? [] : [`from ${from}`]), ...flags];
    const said = escapedText(`${path}${details.length === 0 ? '' : ` (${details.join(', ')})`}`);
    const about = { ...this.#about(), path };
    const file = {
      inode: '0',
      mode: fileMode(textOf(change['type']), textOf(change['mode'])),
      uid: numberOf(change['uid']) ?? 0,
      gid: numberOf(change['gid']) ?? 0,
      size: size ?? 0,
    };
    const first = touched ?? by;
    if (first !== undefined)
      yield {
        ...about,
        time: first,
        what: touched === undefined ? 'Deleted At The Latest' : 'Metadata Modification Time',
        message: `${messageText(word)} ${said}`,
        file: { ...file, times: 'c' },
      };
    if (modified !== undefined && modified !== touched)
      yield {
        ...about,
        time: modified,
        what: 'Content Modification Time',
        message: `last change, which the container can set, of ${messageText(word)} ${said}`,
        file: { ...file, times: 'm' },
      };
  }

  *#process(process: JsonObject): Generator<TimelineEvent> {
    const time = utcText(textOf(process['started']) ?? '');
    const pid = numberOf(process['pid']);
    if (time === undefined) return;
    const executable = textOf(process['executable']) ?? '';
    yield {
      ...this.#about(),
      time,
      what: 'Start Time',
      message: escapedText(
        `started ${textOf(process['name']) ?? ''}, whose file is ${textOf(process['reason']) ?? 'unknown'}: ${executable}`,
      ),
      ...(pid === undefined ? {} : { pid }),
      path: escapedText(executable),
    };
  }

  #about(): Pick<TimelineEvent, 'source' | 'dataType' | 'pod' | 'container' | 'node'> {
    return {
      source: 'container',
      dataType: 'kubectl-ir:container-change',
      ...(this.#node === undefined ? {} : { node: this.#node }),
      pod: this.#pod,
      container: this.#container,
    };
  }
}

const letters: Readonly<Record<string, string>> = {
  directory: 'd',
  symlink: 'l',
  fifo: 'p',
  socket: 's',
  block: 'b',
  character: 'c',
};

/** Mode as `ls` writes it, from the octal digits of a diff. */
function fileMode(type = 'file', octal = '0'): string {
  const bits = /^[0-7]{1,6}$/.test(octal) ? Number.parseInt(octal, 8) : 0;
  const triple = (shift: number, special: number, letter: string): string => {
    const [read, write, execute] = [4, 2, 1].map((bit) => ((bits >> shift) & bit) !== 0);
    const marked = (bits & special) !== 0;
    const last = marked ? (execute === true ? letter : letter.toUpperCase()) : execute === true ? 'x' : '-';
    return `${read === true ? 'r' : '-'}${write === true ? 'w' : '-'}${last}`;
  };
  return `${letters[type] ?? '-'}${triple(6, 0o4000, 's')}${triple(3, 0o2000, 's')}${triple(0, 0o1000, 't')}`;
}
