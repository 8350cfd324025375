import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lineBlocks } from '../../src/artifacts/blocks.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { parsers } from '../../src/artifacts/parsers.ts';
import { type Figure, median, secondsOf } from './figure.ts';
import {
  apiAuditLine,
  auditLines,
  bodyfileLine,
  containerLogLine,
  dockerLogLine,
  syslogLine,
} from './log-lines.ts';

const mebibyte = 1024 * 1024;
const runs = 3;
const bodyfileLines = 500_000;

type LogName = 'container log' | 'docker log' | 'syslog' | 'audit' | 'api audit';

/** Text logs by what they are parsed as, with how much there is of each. */
const logs: readonly {
  readonly name: LogName;
  readonly lines: (index: number) => string;
  readonly mebibytes: number;
}[] = [
  { name: 'container log', lines: containerLogLine, mebibytes: 1024 },
  { name: 'docker log', lines: dockerLogLine, mebibytes: 256 },
  { name: 'syslog', lines: syslogLine, mebibytes: 256 },
  { name: 'audit', lines: auditLines, mebibytes: 256 },
  { name: 'api audit', lines: apiAuditLine, mebibytes: 256 },
];

/** Text logs and a body file, from disk to records in one thread. */
export async function benchParsing(dir: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { name, lines, mebibytes } of logs) {
    const seconds = await timed(join(dir, 'log'), name, lines, { bytes: mebibytes * mebibyte });
    const speed = ((mebibytes * mebibyte) / 1e6 / seconds).toFixed(0);
    figures.push({ what: `${mebibytes} MiB of ${name} parsed`, ours: `${speed} MB/s` });
  }
  const seconds = await timed(join(dir, 'bodyfile'), 'bodyfile', bodyfileLine, { lines: bodyfileLines });
  return [...figures, { what: `body file of ${bodyfileLines} lines parsed`, ours: `${seconds.toFixed(2)}s` }];
}

/** Seconds that a file of these lines takes; the median. Throws when a line of it is no record. */
async function timed(
  path: string,
  name: LogName | 'bodyfile',
  line: (index: number) => string,
  amount: { readonly bytes?: number; readonly lines?: number },
): Promise<number> {
  const written = await writeLines(path, line, amount);
  try {
    const seconds: number[] = [];
    for (let i = 0; i < runs; i += 1)
      seconds.push(
        await secondsOf(async () => {
          const count = await parse(path, name);
          if (count !== written) throw new Error(`${count} of ${written} lines of ${name} are records`);
        }),
      );
    return median(seconds);
  } finally {
    await rm(path);
  }
}

/** How many records a file has. */
async function parse(path: string, name: LogName | 'bodyfile'): Promise<number> {
  const parser = parsers[name];
  if (parser.feed !== 'lines') throw new Error(`${name} is no format of lines`);
  let count = 0;
  const place = { path: Buffer.from(path), size: 0, first: Buffer.alloc(0) };
  for await (const block of lineBlocks(
    createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>,
  )) {
    if (isMalformed(block)) continue;
    for (const record of parser.parse(block.bytes, { ...place, offset: block.offset }))
      if (!isMalformed(record)) count += 1;
  }
  return count;
}

/** Most bytes of the piece that a file repeats. */
const pieceBytes = 16 * mebibyte;

/** Writes one piece of lines again and again, up to a number of lines or at least so many bytes; how many lines that were. */
async function writeLines(
  path: string,
  line: (index: number) => string,
  { bytes = 0, lines = 0 }: { readonly bytes?: number; readonly lines?: number },
): Promise<number> {
  const texts: string[] = [];
  for (let size = 0, index = 0; lines > 0 ? index < lines : size < pieceBytes; index += 1) {
    const text = line(index);
    texts.push(text);
    size += text.length;
  }
  const piece = Buffer.from(texts.join(''));
  const pieces = Math.max(1, Math.ceil(bytes / piece.length));
  const file = await open(path, 'w');
  try {
    for (let i = 0; i < pieces; i += 1) await file.write(piece);
  } finally {
    await file.close();
  }
  return pieces * (piece.toString('latin1').split('\n').length - 1);
}
