import { lines } from './lines.ts';

/**
 * The assignments of an os-release file (os-release(5)): shell syntax without expansion; quotes and backslashes are undone,
 * a later assignment wins, lines that are none are skipped. Values are node-chosen text.
 */
export function parseOsRelease(bytes: Buffer): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of lines(bytes)) {
    const match = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.bytes.toString('utf8').trim());
    if (match?.[1] !== undefined) values.set(match[1], unquote(match[2] ?? ''));
  }
  return values;
}

function unquote(text: string): string {
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  if (quoted === null) return text.replace(/\\(.)/g, '$1');
  return quoted[1] === "'" ? (quoted[2] ?? '') : (quoted[2] ?? '').replace(/\\(["$`\\])/g, '$1');
}
