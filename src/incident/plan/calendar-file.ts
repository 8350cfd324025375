import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { OperationError } from '../../output/errors.ts';
import type { Person } from './plan.ts';
import type { Rota } from './rota.ts';
import type { RotaCalendar } from './shifts.ts';

/** Some thousand events; the parser takes three seconds for the worst that fits in, and the square of it for more. */
const largestFile = 1024 * 1024;

/**
 * The calendar of a rota for the time between two moments; undefined when the rota has none. Throws OperationError when the
 * file cannot be read or is too large. Its parser is loaded on use only, as most rotas need none.
 */
export async function loadCalendar(
  rota: Rota,
  planFile: string,
  people: readonly Person[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<RotaCalendar | undefined> {
  if (rota.calendar === undefined) return undefined;
  const path = resolve(dirname(planFile), rota.calendar);
  const text = await readText(rota, path);
  const { readCalendar } = await import('./calendar.ts');
  return readCalendar(text, { zone: rota.timeZone, people, from, to });
}

async function readText(rota: Rota, path: string): Promise<string> {
  const what = `reading the calendar ${path} of rota "${rota.id}"`;
  const bytes = await firstBytes(path, largestFile + 1).catch((error: unknown) => {
    throw new OperationError(`${what}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  });
  if (bytes.length > largestFile)
    throw new OperationError(`${what}: it is larger than ${largestFile / 1024} KiB`, {
      advice: 'export only the last and the next months',
    });
  return bytes.toString('utf8');
}

async function firstBytes(path: string, length: number): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
