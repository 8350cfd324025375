import { hash } from 'node:crypto';
import type { ItemEnd, ItemHeader, ItemSink } from '../../src/artifacts/item.ts';
import { FrameParser } from '../../src/collector/frames.ts';

export const sampleToken = '0123456789abcdef0123456789abcdef';

/** One item for a made-up stream. */
export interface SampleItem {
  readonly name: Buffer;
  readonly data: Buffer;
  readonly link: boolean;
}

/** A stream as the scripts would send it, and where its blocks end; `cuts` says how items spread over blocks. */
export function sampleStream(
  items: readonly SampleItem[],
  cuts: readonly number[],
  token = sampleToken,
): { bytes: Buffer; blocks: Buffer[] } {
  const blocks: Buffer[] = [];
  let records = '';
  let data = Buffer.alloc(0);
  let turn = 0;
  const flush = (): void => {
    if (records === '') return;
    blocks.push(
      block(token, blocks.length + 1, records, data, blocks.length % 2 === 0 ? 'sha256' : 'sha512'),
    );
    records = '';
    data = Buffer.alloc(0);
  };
  const maybeFlush = (): void => {
    const cut = cuts[turn % Math.max(cuts.length, 1)] ?? 0;
    turn += 1;
    if (cut % 3 === 0) flush();
  };
  const facts =
    '81a4 0 0 1 1 5 6 1700000000 1700000001 1700000002 2023-11-14 22:13:20.000000007 +0000|2023-11-14 22:13:21.000000008 +0000|2023-11-14 22:13:22 +0000|8 512';
  for (const item of items) {
    const name = escapeBytes(item.name);
    records += item.link
      ? `item test symlink =${name} =${escapeBytes(item.data)} ${facts}\n`
      : `item test file =${name} = -\n`;
    if (!item.link) {
      const half = item.data.length >> 1;
      for (const piece of [item.data.subarray(0, half), item.data.subarray(half)]) {
        records += `data ${piece.length}\n`;
        data = Buffer.concat([data, piece]);
        maybeFlush();
      }
    }
    records += `end ok ${item.link ? 0 : item.data.length} =\n`;
    maybeFlush();
  }
  records += `over ${items.length} 0\n`;
  flush();
  return { bytes: Buffer.concat(blocks), blocks };
}

/** One block with the right digests. */
export function block(
  token: string,
  number: number,
  text: string,
  data: Buffer,
  algorithm: 'sha256' | 'sha512' = 'sha256',
): Buffer {
  const records = Buffer.from(text, 'latin1');
  const digests = [records, data].map((bytes) => hash(algorithm, bytes, 'hex')).join(' ');
  const header = `${token} ${number} ${records.length} ${data.length} ${digests}\n`;
  return Buffer.concat([Buffer.from(header), records, data, Buffer.from('\n')]);
}

export function escapeBytes(bytes: Buffer): string {
  return Array.from(bytes, (byte) =>
    /[A-Za-z0-9_./:@=,+-]/.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}

/** What a parser made of the pieces: complete items, the error if there was one, and whether the end was reached. */
export function parsePieces(
  pieces: readonly Buffer[],
  token = sampleToken,
): { items: (SampleItem & { header: ItemHeader; end: ItemEnd })[]; error: Error | undefined; over: boolean } {
  const parser = new FrameParser(token);
  const items: (SampleItem & { header: ItemHeader; end: ItemEnd })[] = [];
  let header: ItemHeader | undefined;
  let chunks: Buffer[] = [];
  try {
    for (const piece of pieces) {
      for (const event of parser.push(piece)) {
        if (event.kind === 'begin') {
          header = event.header;
          chunks = [];
        } else if (event.kind === 'data') {
          // Its bytes are those of a later block soon.
          chunks.push(Buffer.from(event.chunk));
        } else if (event.kind === 'end' && header !== undefined) {
          const link = header.type === 'symlink';
          items.push({
            name: header.name,
            data: header.target ?? Buffer.concat(chunks),
            link,
            header,
            end: event.end,
          });
        }
      }
    }
  } catch (error) {
    return { items, error: error as Error, over: parser.over };
  }
  return { items, error: undefined, over: parser.over };
}

/** A sink that does nothing. */
export const nullSink: ItemSink = {
  begin: () => Promise.resolve(),
  write: () => Promise.resolve(),
  end: () => Promise.resolve(),
};
