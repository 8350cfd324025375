import type { Placeholders } from './placeholder.ts';
import { redactObjects, redactYaml } from './redact-objects.ts';
import { redactCommandLine, redactEnvironment } from './redact-process.ts';
import { redactText } from './redact-text.ts';

/** Documented in docs/redaction.md. */
export const redactionProfiles = ['credentials'] as const;

export type RedactionProfile = (typeof redactionProfiles)[number];

/** Larger ones are not taken apart: they are treated as text, line by line. */
const wholeLimit = 16 * 1024 * 1024;
/** A text has no NUL so far into it; what has one is withheld as a whole. */
const peekSize = 8192;

/** The content of an item that may hold credentials, by its name in the tar, with all that the profile replaces. */
export async function* redactItem(
  name: string,
  size: number,
  content: AsyncIterable<Buffer>,
  placeholders: Placeholders,
): AsyncGenerator<Buffer> {
  const whole = size <= wholeLimit ? wholeRedactor(name) : undefined;
  if (whole === undefined) {
    yield* redactStream(content, placeholders);
    return;
  }
  const bytes = Buffer.concat(await collect(content));
  const redacted = whole(bytes, placeholders);
  if (redacted === undefined) yield* redactStream(once(bytes), placeholders);
  else yield redacted;
}

/** Text line by line; anything else is withheld: one placeholder stands for all of it. */
export async function* redactStream(
  content: AsyncIterable<Buffer>,
  placeholders: Placeholders,
): AsyncGenerator<Buffer> {
  const source = content[Symbol.asyncIterator]();
  const start: Buffer[] = [];
  let length = 0;
  for (let next = await source.next(); next.done !== true; next = await source.next()) {
    start.push(next.value);
    length += next.value.length;
    if (length >= peekSize) break;
  }
  const rest = { [Symbol.asyncIterator]: () => source };
  const all = chain(start, rest);
  if (Buffer.concat(start).subarray(0, peekSize).includes(0)) yield await withhold(all, placeholders);
  else yield* redactText(all, placeholders);
}

function wholeRedactor(
  name: string,
): ((bytes: Buffer, placeholders: Placeholders) => Buffer | undefined) | undefined {
  if (/(?:^|\/)proc\/[^/]+\/environ$/.test(name)) return redactEnvironment;
  if (/(?:^|\/)proc\/(?:[^/]+\/)?cmdline$/.test(name)) return redactCommandLine;
  if (/\.ya?ml$/.test(name)) return redactYaml;
  return name.endsWith('.json') ? redactObjects : undefined;
}

async function withhold(content: AsyncIterable<Buffer>, placeholders: Placeholders): Promise<Buffer> {
  const hash = placeholders.begin();
  let size = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    size += chunk.length;
  }
  return Buffer.from(`${placeholders.end(hash)} in place of ${size} bytes that are no text\n`);
}

async function* chain(first: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* first;
  yield* rest;
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

async function collect(source: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return chunks;
}
