import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCase } from '../../src/evidence/case.ts';
import { openAcquisitions } from '../../src/evidence/exhibits.ts';
import type { OpenAcquisition, TimelineShortfall } from '../../src/subcommands/timeline-sources.ts';
import { fileHeader } from '../evidence/sandbox.ts';
import { memoryIo } from '../support/memory-io.ts';

/** One acquisition to be put into a case. */
export interface Planted {
  readonly kind?: string;
  readonly node?: string;
  /** Node minus responder, and the round trip over which it was measured. */
  readonly skewMs?: number;
  /** The same once everything was collected. */
  readonly skewAfterMs?: number;
  readonly items: Readonly<Record<string, string | Buffer>>;
  /** What the collector marks items as, by their names. */
  readonly marks?: Readonly<Record<string, string>>;
  readonly unfinished?: boolean;
}

/** A case with acquisitions in the order given, a second between them. */
export async function timelineCase(dir: string, ...acquisitions: readonly Planted[]): Promise<void> {
  const io = memoryIo();
  const opened = await openCase(io, { dir, target: 'node' });
  for (const {
    kind = 'node',
    node = 'node-a',
    skewMs,
    skewAfterMs,
    items,
    unfinished,
    marks,
  } of acquisitions) {
    await io.sleep(1000);
    const acquisition = await opened.startAcquisition({ kind, target: node, node });
    for (const [name, content] of Object.entries(items)) {
      const bytes = Buffer.from(content);
      const mark = marks?.[name];
      await acquisition.begin(fileHeader(name, mark === undefined ? {} : { artifact: mark }));
      await acquisition.write(bytes);
      await acquisition.end({ outcome: 'ok', length: bytes.length });
    }
    const clock = { node: '2026-11-22T04:15:00Z', responder: '2026-11-22T04:15:00Z', roundTripMs: 10 };
    await acquisition.finish({
      ...(unfinished === true ? { outcome: 'partial', reason: 'the stream broke' } : { outcome: 'complete' }),
      ...(skewMs === undefined ? {} : { clock: { ...clock, skewMs } }),
      ...(skewAfterMs === undefined ? {} : { clockAfter: { ...clock, skewMs: skewAfterMs } }),
    });
  }
  await opened.close();
}

export function noShortfall(): TimelineShortfall {
  return { gaps: [], malformed: [], damaged: [] };
}

/** Changes one byte of the content of an item in the tar of the first acquisition. */
export async function damageItem(dir: string, name: string): Promise<void> {
  const [first]: readonly OpenAcquisition[] = await openAcquisitions(dir);
  const item = first?.reader.items.find((one) => one.name === name);
  if (first === undefined || item?.offset === undefined) throw new Error(`no item ${name}`);
  const path = join(first.reader.dir, first.reader.info.tar.name);
  const bytes = await readFile(path);
  bytes[item.offset + 3] = (bytes[item.offset + 3] ?? 0) ^ 1;
  await writeFile(path, bytes);
}
