import { readFile, realpath } from 'node:fs/promises';
import { OperationError } from '../../../src/output/errors.ts';
import { run } from '../run.ts';
import type { Entry } from './layer.ts';

/** A static busybox, that of this machine if none is given, at /bin/busybox with a link in /bin for each of its applets. */
export async function busybox(given?: string): Promise<Entry[]> {
  const path = given ?? (await which('busybox'));
  const content = await readFile(path);
  const applets = (await run(path, ['--list']))
    .split('\n')
    .filter((name) => name !== '' && name !== 'busybox');
  return [
    { type: 'file', path: 'bin/busybox', mode: 0o755, content },
    ...applets.map((name) => ({ type: 'symlink' as const, path: `bin/${name}`, target: 'busybox' })),
  ];
}

/** Programs of this machine, each at the path where it is here, with the shared libraries that all of them need. */
export async function programs(names: readonly string[]): Promise<Entry[]> {
  const entries = new Map<string, Entry>();
  for (const name of names) {
    const path = await which(name);
    for (const file of [path, ...(await libraries(path))]) {
      entries.set(file, { type: 'file', path: file.slice(1), mode: 0o755, content: await readFile(file) });
    }
  }
  return [...entries.values()];
}

/** Paths of the dynamic loader and the libraries of an executable, as ldd(1) resolves them; none when it is static. */
async function libraries(path: string): Promise<string[]> {
  const lines = (await run('ldd', [await realpath(path)])).split('\n');
  const missing = lines.find((line) => line.includes('not found'));
  if (missing !== undefined) throw new OperationError(`${path} lacks a library: ${missing.trim()}`);
  return lines.flatMap((line) => /(?:=> |^\s+)(\/\S+) \(0x/.exec(line)?.[1] ?? []);
}

async function which(name: string): Promise<string> {
  for (const directory of ['/usr/sbin', '/usr/bin', '/sbin', '/bin']) {
    const path = `${directory}/${name}`;
    if ((await readFile(path).catch(() => undefined)) !== undefined) return path;
  }
  throw new OperationError(`There is no ${name} on this machine to put into an image`);
}
