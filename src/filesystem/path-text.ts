import { escapeForTerminal, isPlain } from '../output/escape.ts';

/** A path as PodDiff shows it, and its bytes where the text is not the path itself. `raw` holds one byte per character. */
export function pathText(raw: string): { readonly path: string; readonly pathBytes?: string } {
  const bytes = Buffer.from(raw, 'latin1');
  const path = escapeForTerminal(bytes);
  return isPlain(bytes) ? { path } : { path, pathBytes: bytes.toString('base64') };
}

/** Nanoseconds since the epoch as RFC 3339 in UTC; years that Date cannot hold are `@SECONDS`. */
export function timeText(nanoseconds: bigint): string {
  const billion = 1_000_000_000n;
  const fraction = ((nanoseconds % billion) + billion) % billion;
  const seconds = (nanoseconds - fraction) / billion;
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return `@${seconds}`;
  return date.toISOString().replace('.000Z', `.${fraction.toString().padStart(9, '0')}Z`);
}

/** The directory that a path of a container is in; the root is the empty string. */
export function parentOf(raw: string): string {
  return raw.slice(0, Math.max(raw.lastIndexOf('/'), 0));
}

/** The last part of a path. */
export function nameOf(raw: string): string {
  return raw.slice(raw.lastIndexOf('/') + 1);
}

/** A copy that does not keep the text alive of which `text` may be a piece. */
export function detached(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
