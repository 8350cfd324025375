import { microseconds } from './moment.ts';
import type { Merged } from './merged.ts';

/** Order of the times in a line of a body file, by the letters of mactime. */
const columns = ['a', 'm', 'c', 'b'] as const;

/** Stands for a time that is not this one: mactime leaves it out, while of 0 it makes a row of the year 0 for each line. */
const none = -1;

/**
 * An event as a line of a body file (The Sleuth Kit, 3.x), for mactime: a file with the times that are this one, anything
 * else as a name with a time of last change. Names begin with where they are of, because mactime keeps one mode and size for
 * each. Undefined for times that mactime drops: those before 1970-01-01T00:00:01Z. Ends with a newline.
 */
export function bodyfileLine({ event, count }: Merged): string | undefined {
  const seconds = Math.floor(microseconds(event.time) / 1e6);
  if (seconds <= 0) return undefined;
  const { file, pod, container, node, path, source, message } = event;
  const isPath = file !== undefined && path !== undefined;
  const inside = pod !== undefined && (source === 'container' || !isPath);
  const prefix = (inside ? [pod, container] : [node]).filter((part) => part !== undefined).join('/');
  const name = isPath
    ? `${prefix}:${path}`
    : `[${source}] ${prefix === '' ? '' : `${prefix}: `}${message}${count === 1 ? '' : ` (${count} times)`}`;
  const times = columns.map((letter) => ((file?.times ?? 'm').includes(letter) ? seconds : none));
  const { md5 = '0', inode = '0', mode = '----------', uid = 0, gid = 0, size = 0 } = isPath ? file : {};
  return `${[md5, escaped(name), escaped(inode), escaped(mode), uid, gid, size, ...times].join('|')}\n`;
}

/** mactime decodes `%XX` and takes `|` for the end of a field. */
function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('|', '%7C');
}
