import { createReadStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { openCase } from '../../src/evidence/case.ts';
import { sealCase } from '../../src/evidence/seal.ts';
import { processIo, writeLine } from '../../src/output/io.ts';
import { run } from '../cluster/run.ts';
import { startStorage, storageEnvironment } from '../storage/real-storage.ts';
import { installPackages, type Needs } from '../support/packages.ts';
import { type Figure, median, secondsOf } from './figure.ts';

const runs = 5;
const texts = 30;
const io = processIo();

/** What the bench runs beside Node. */
const needs: Needs = {
  '/usr/bin/time': 'time',
  '/usr/bin/zstd': 'zstd',
  '/usr/bin/curl': 'curl',
  '/usr/bin/aws': 'awscli',
};

/** A sealed case packed as tar.zst beside tar and zstd, and put into storage beside curl, in turn. */
export async function benchArchive(dir: string): Promise<Figure[]> {
  await installPackages(needs, io, (line) => writeLine(io.stderr, line));
  const place = join(dir, 'case');
  await mixedCase(place);
  const storage = await startStorage(dir);
  try {
    return [...(await packing(dir, place)), ...(await upload(dir, place, storage.port))];
  } finally {
    await storage.stop();
  }
}

async function packing(dir: string, place: string): Promise<Figure[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const [one, two] = [join(dir, 'ours.tar.zst'), join(dir, 'theirs.tar.zst')];
  const memory = join(dir, 'memory');
  let peak = 0;
  for (let i = 0; i < runs; i += 1) {
    const words = ['-f', '%M', '-o', memory, 'kubectl-ir', 'archive', place, '-o', one];
    ours.push(await secondsOf(() => run('/usr/bin/time', words)));
    peak = Math.max(peak, Number(await run('cat', [memory])) * 1024);
    const pipe = 'tar -C "$1" -cf - case | zstd -3 -q -o "$2"';
    theirs.push(await secondsOf(() => run('sh', ['-c', pipe, 'sh', dir, two])));
    await rm(one);
    await rm(two);
  }
  return [
    figure('archive of a case as tar.zst, every file checked', ours, 'tar | zstd -3', theirs),
    { what: 'peak memory of that', ours: `${(peak / 1e6).toFixed(0)} MB` },
  ];
}

async function upload(dir: string, place: string, port: number): Promise<Figure[]> {
  const env = storageEnvironment(port, dir);
  const { AWS_ACCESS_KEY_ID: id = '', AWS_SECRET_ACCESS_KEY: secret = '' } = env;
  const file = join(dir, 'plain.tar');
  await run('kubectl-ir', ['archive', place, '-o', file]);
  const bytes = (await stat(file)).size;
  const ours: number[] = [];
  const inParts: number[] = [];
  const plain: number[] = [];
  const endpoint = `http://127.0.0.1:${port}`;
  // Nothing of it is hashed, on either side.
  const unsigned = ['-H', 'x-amz-content-sha256: UNSIGNED-PAYLOAD'];
  const sign = ['--aws-sigv4', 'aws:amz:us-east-1:s3', '--user', `${id}:${secret}`, ...unsigned];
  for (let i = 0; i < runs; i += 1) {
    const words = ['archive', place, '--format', 'tar', '--to', `s3://cases/ours-${i}`];
    ours.push(await secondsOf(() => run('kubectl-ir', words, { env })));
    const copy = ['--endpoint-url', endpoint, 's3', 'cp', '--quiet', file, `s3://cases/aws-${i}`];
    inParts.push(await secondsOf(() => run('aws', copy, { env })));
    const url = `${endpoint}/cases/curl-${i}`;
    plain.push(await secondsOf(() => run('curl', ['-sSf', ...sign, '-T', file, url])));
  }
  const what = `archive to storage, ${(bytes / 1e6).toFixed(0)} MB packed, checked and compared`;
  return [
    figure(what, ours, 'aws s3 cp of the archive', inParts),
    figure(what, ours, 'curl -T of the archive, no hash', plain),
  ];
}

function figure(what: string, ours: readonly number[], tool: string, theirs: readonly number[]): Figure {
  return {
    what,
    ours: `${median(ours).toFixed(2)}s`,
    tool,
    theirs: `${median(theirs).toFixed(2)}s`,
    ratio: (median(theirs) / median(ours)).toFixed(2),
  };
}

/** Programs and text, some 400 MB, as on a node; sealed. */
async function mixedCase(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const text = createRequire(import.meta.url).resolve('typescript');
  const opened = await openCase(io, { dir, target: 'bench' });
  const acquisition = await opened.startAcquisition({ kind: 'node', target: 'bench' });
  const facts = { artifact: 'bench', source: 'bench' };
  await acquisition.addFile('live_response/program', createReadStream(process.execPath), facts);
  for (let i = 0; i < texts; i += 1)
    await acquisition.addFile(`live_response/text-${i}`, createReadStream(text), facts);
  await acquisition.finish({ outcome: 'complete' });
  await sealCase(opened);
  await opened.close();
}
