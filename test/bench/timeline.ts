import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openCase } from '../../src/evidence/case.ts';
import { processIo } from '../../src/output/io.ts';
import { fileHeader } from '../evidence/sandbox.ts';
import type { Figure } from './figure.ts';
import { lineCounter, type Ran, runProgram } from './program.ts';

const most = 5_000_000;
/** Lines that are written at once. */
const piece = 2_500;

/** Scattered over thirty days, so that nothing comes in order. */
function secondOf(index: number): number {
  return 1_763_000_000 + ((index * 1_000_003) % 2_592_000);
}

function logLine(index: number): string {
  const time = new Date(secondOf(index) * 1000).toISOString().slice(0, 20);
  return `${time}${String(index % 1_000_000).padStart(9, '0')}Z stdout F ${index} GET /shop/cart/${index % 997} 200 in ${index % 83} ms\n`;
}

function fileLine(index: number): string {
  const time = secondOf(index);
  return `0|/usr/share/doc/package-${index % 3000}/file-${index}|${index}|-rw-r--r--|0|0|${index % 100_000}|${time}|${time}|${time}|0\n`;
}

/** Cases with so many events, half of them lines of ten containers' logs and half times of files; all of it in order. */
export async function benchTimeline(dir: string, program: readonly string[]): Promise<Figure[]> {
  const part = await measured(dir, program, most / 4);
  const whole = await measured(dir, program, most);
  return [
    {
      what: `timeline of ${most / 4}; ${most} events, whole command`,
      ours: [part, whole].map(({ seconds }) => `${seconds.toFixed(1)}s`).join('; '),
    },
    {
      what: 'its peak memory',
      ours: [part, whole].map(({ peakKiB }) => `${Math.round(peakKiB / 1024)}Mi`).join('; '),
    },
  ];
}

async function measured(dir: string, program: readonly string[], count: number): Promise<Ran> {
  const place = join(dir, 'timeline-case');
  await makeCase(place, count);
  try {
    const table = lineCounter();
    const ran = await runProgram([...program, 'timeline', place, '-o', 'timesketch-jsonl'], table.see);
    if (ran.code !== 0) throw new Error(`timeline ended with ${ran.code ?? 'a signal'}: ${ran.stderr}`);
    const lines = table.lines();
    if (lines < count) throw new Error(`${lines} of ${count} events were printed`);
    return ran;
  } finally {
    await rm(place, { recursive: true });
  }
}

async function makeCase(dir: string, events: number): Promise<void> {
  const opened = await openCase(processIo(), { dir, target: 'node' });
  const acquisition = await opened.startAcquisition({ kind: 'node', target: 'node-a', node: 'node-a' });
  const file = async (name: string, line: (index: number) => string, count: number): Promise<void> => {
    await acquisition.begin(fileHeader(name));
    let length = 0;
    for (let from = 0; from < count; from += piece) {
      const bytes = Buffer.from(Array.from({ length: piece }, (_, i) => line(from + i)).join(''));
      await acquisition.write(bytes);
      length += bytes.length;
    }
    await acquisition.end({ outcome: 'ok', length });
  };
  for (let i = 0; i < 10; i += 1)
    await file(`[root]/var/log/pods/prod_shop-${i}_${i}/web/0.log`, logLine, events / 20);
  await file('bodyfile/bodyfile.txt', fileLine, events / 2);
  await acquisition.finish({ outcome: 'complete' });
  await opened.close();
}
