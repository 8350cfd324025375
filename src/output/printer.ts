import { type Io, writeChunk } from './io.ts';

export type DataFormat = 'json' | 'yaml';

/** Controls, format characters and line separators: JSON.stringify leaves those above U+001F, a terminal obeys some. */
const unprintable = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Data as text that ends with a newline: JSON (RFC 8259) indented by two, or one YAML 1.2 document.
 * Both give back the same data when parsed, and neither holds a character that steers a terminal.
 */
export async function formatData(data: unknown, format: DataFormat): Promise<string> {
  const json = escapeUnprintable(JSON.stringify(data, undefined, 2));
  if (format === 'json') return `${json}\n`;
  const { dump } = await import('js-yaml');
  const text = dump(JSON.parse(json), { lineWidth: -1, noRefs: true });
  // A JSON text is also a YAML flow document (YAML 1.2.2, section 1.3), so it can stand in where block style would not be safe.
  return text.search(unprintable) >= 0 ? `${json}\n` : text;
}

/** Writes data to stdout and waits until it is taken. */
export async function printData(io: Io, data: unknown, format: DataFormat): Promise<void> {
  await writeChunk(io.stdout, await formatData(data, format));
}

/** JSON text with every character that steers a terminal as `\\uNNNN`, which means the same. */
export function escapeUnprintable(json: string): string {
  return json.replace(unprintable, escapeUnits);
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
}
