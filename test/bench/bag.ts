import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openCase } from '../../src/evidence/case.ts';
import { root } from '../../scripts/job.ts';
import { pythonPackage } from '../support/python.ts';
import { memoryIo } from '../support/memory-io.ts';
import { type Figure, median, secondsOf } from './figure.ts';

const run = promisify(execFile);
const executable = join(root, 'dist/kubectl-ir');
const runs = 3;
const sumsName = 'sha256sum -c, then sha512sum -c';

/** Payloads: a few large files, as a case has, and many small ones. */
const payloads = [
  { what: '2 GiB in 16 files', files: 16, size: 128 * 1024 * 1024 },
  { what: '20,000 files of 8 KiB', files: 20_000, size: 8 * 1024 },
];

/** Verify and seal beside bagit.py and the sums of coreutils, whole processes in turn on the same bag. */
export async function benchBag(dir: string): Promise<Figure[]> {
  const bagit = join(await pythonPackage('bagit', '1.9.0'), 'bagit.py');
  const figures: Figure[] = [];
  for (const { what, files, size } of payloads) {
    const bag = join(dir, 'bag');
    await fill(bag, files, size);
    await run('/usr/bin/python3', [bagit, '--quiet', '--sha256', '--sha512', bag]);
    const times = { ours: [] as number[], bagit: [] as number[], sums: [] as number[] };
    for (let i = 0; i < runs; i += 1) {
      times.ours.push(await secondsOf(() => run(executable, ['verify', bag])));
      times.bagit.push(await secondsOf(() => run('/usr/bin/python3', [bagit, '--quiet', '--validate', bag])));
      times.sums.push(await secondsOf(() => sums(bag)));
    }
    figures.push(figure(`verify, ${what}`, times.ours, 'bagit.py --validate', times.bagit));
    figures.push(figure(`verify, ${what}`, times.ours, sumsName, times.sums));
    await rm(bag, { recursive: true });
    figures.push(...(await benchSeal(dir, bagit, what, files, size)));
  }
  return figures;
}

/** Sealing a case that holds a payload, beside making a bag of the same payload and the sums of it. */
async function benchSeal(
  dir: string,
  bagit: string,
  what: string,
  files: number,
  size: number,
): Promise<Figure[]> {
  const times = { ours: [] as number[], bagit: [] as number[], sums: [] as number[] };
  for (let i = 0; i < runs; i += 1) {
    const [place, bag] = [join(dir, 'case'), join(dir, 'bag')];
    await (await openCase(memoryIo(), { dir: place, target: 'bench' })).close();
    await fill(join(place, 'data/payload'), files, size);
    await cp(join(place, 'data/payload'), bag, { recursive: true });
    await run('sync', []);
    times.ours.push(await secondsOf(() => run(executable, ['case', 'close', place])));
    times.bagit.push(
      await secondsOf(() => run('/usr/bin/python3', [bagit, '--quiet', '--sha256', '--sha512', bag])),
    );
    times.sums.push(await secondsOf(() => sums(place)));
    for (const made of [place, bag]) await rm(made, { recursive: true });
  }
  return [
    figure(`seal, ${what}`, times.ours, 'bagit.py', times.bagit),
    figure(`seal, ${what}`, times.ours, sumsName, times.sums),
  ];
}

/** What coreutils take for the digests of a bag. */
async function sums(bag: string): Promise<void> {
  for (const algorithm of ['sha256', 'sha512'])
    await run(`${algorithm}sum`, ['--quiet', '-c', `manifest-${algorithm}.txt`], { cwd: bag });
}

async function fill(dir: string, files: number, size: number): Promise<void> {
  for (let i = 0; i < files; i += 1) {
    const parent = join(dir, String(i % 50));
    if (i < 50) await mkdir(parent, { recursive: true });
    await writeFile(join(parent, `file-${i}`), randomBytes(size));
  }
}

function figure(what: string, ours: readonly number[], tool: string, theirs: readonly number[]): Figure {
  const [us, them] = [median(ours), median(theirs)];
  return {
    what,
    ours: `${us.toFixed(2)}s`,
    tool,
    theirs: `${them.toFixed(2)}s`,
    ratio: (them / us).toFixed(2),
  };
}
