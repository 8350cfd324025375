import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { planParts } from '../../src/evidence/storage/part-size.ts';
import { processIo } from '../../src/output/io.ts';
import { attempt, type Outcome, run } from '../cluster/run.ts';
import { randomCase } from '../evidence/sample.ts';
import { type RealStorage, startStorage, storageEnvironment } from '../storage/real-storage.ts';
import { startUploadProxy, type UploadProxy } from '../storage/upload-proxy.ts';
import { amountOf } from '../support/amounts.ts';
import { evidencePrograms } from '../support/evidence-programs.ts';
import { measured } from '../support/figures.ts';
import { program as tool } from '../support/offer.ts';
import { installPackages } from '../support/packages.ts';
import { requires } from '../support/requires.ts';

const mebibytes = amountOf('caseMebibytes');
const timeoutMs = 300_000 + mebibytes * 1000;
const key = 's3://cases/2026/case.tar.zst';
const mebibyte = 2 ** 20;
/** A case of five parts and a bit. */
const smallMebibytes = 42;
const { partSize } = planParts(smallMebibytes * mebibyte);
/** Shares of all bytes after which the connection is cut, counted from the cut before. */
const cuts = [0.02, 0.15, 0.3, 0.2];

interface Act {
  readonly action: string;
  readonly object: string;
  readonly result: string;
  readonly details?: { readonly keptParts?: number };
}

describe('archive and verify with S3-compatible storage', function () {
  this.timeout(timeoutMs);
  let dir: string;
  let storage: RealStorage;
  let proxy: UploadProxy;
  let original: string;
  let count = 0;

  requires(this, tool('go'));
  before(async () => {
    await installPackages(evidencePrograms, processIo(), () => Promise.resolve());
    dir = await mkdtemp(join(tmpdir(), 'e2e-storage-'));
    storage = await startStorage(dir);
    proxy = await startUploadProxy(storage.port);
    original = join(dir, 'original');
    await randomCase(original, mebibytes);
  });
  after(async () => {
    await proxy.close();
    await storage.stop();
    await rm(dir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    proxy.cutAfter(Infinity);
    await rm(join(storage.dir, 'cases'), { recursive: true });
    await mkdir(join(storage.dir, 'cases'));
  });
  // Of gigabytes there is no room for one copy after the other.
  afterEach(() => rm(join(dir, 'copies'), { recursive: true, force: true }));

  const program = (words: readonly string[], env: Record<string, string> = {}): Promise<Outcome> =>
    attempt('kubectl-ir', words, { env: { ...storageEnvironment(proxy.port, dir), ...env } });
  const copyOf = async (from: string): Promise<string> => {
    const place = join(dir, 'copies', String((count += 1)));
    await cp(from, join(place, 'case'), { recursive: true });
    return join(place, 'case');
  };
  const cutUpload = async (words: readonly string[], bytes: number, when: string): Promise<void> => {
    proxy.cutAfter(bytes);
    const { code, stderr } = await program(words);
    expect(code, `${when}: ${stderr}`).to.equal(1);
    expect(stderr, when).to.contain('run the same command again to go on');
    expect(await stat(stored()).catch(() => undefined), when).to.equal(undefined);
  };
  const finishUpload = async (words: readonly string[], ...flags: string[]): Promise<void> => {
    proxy.cutAfter(Infinity);
    const { code, stdout, stderr } = await program(words);
    expect(code, stderr).to.equal(0);
    expect(stdout.slice(0, 64)).to.equal(await sha256(stored()));
    const verified = await program(['verify', key, ...flags]);
    expect(verified.stdout, verified.stderr).to.match(/^CONSISTENT /);
  };
  const stored = (): string => join(storage.dir, 'cases/2026/case.tar.zst');
  const acts = async (copy: string): Promise<Act[]> =>
    (await readFile(join(copy, 'custody-after-seal.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Act);
  const keptParts = async (copy: string): Promise<number> =>
    (await acts(copy)).at(-1)?.details?.keptParts ?? Number.NaN;

  it('puts the same bytes there as into a file, and verifies them there', async () => {
    const copy = await copyOf(original);
    const file = await program(['archive', copy, '-o', join(dir, 'file.tar.zst')]);
    expect(file.code, file.stderr).to.equal(0);
    const began = performance.now();
    const { code, stdout, stderr } = await program(['archive', copy, '--to', key]);
    expect(code, stderr).to.equal(0);
    const rate = mebibytes / ((performance.now() - began) / 1000);
    await measured(`archive --to s3:// of a case of ${mebibytes} MiB`, `${rate.toFixed(0)} MiB/s`);
    expect(stdout.slice(0, 64))
      .to.equal(file.stdout.slice(0, 64))
      .and.to.equal(await sha256(stored()));
    const said = (await acts(copy)).map(({ action, object, result }) => `${action} ${object} ${result}`);
    expect(said.slice(-2)).to.deep.equal([`export ${key} started`, `export ${key} done`]);
    const verified = await program(['verify', key]);
    expect(verified.stdout, verified.stderr).to.match(/^CONSISTENT /);
    expect(await readdir(join(copy, '..'))).to.deep.equal(['case']);
    await rm(join(dir, 'file.tar.zst'));
  });

  it('goes on with an upload that was cut in any of its parts, with the parts that were there', async () => {
    const small = join(dir, 'small');
    await randomCase(small, smallMebibytes);
    let kept = 0;
    for (let part = 0; part * partSize < smallMebibytes * mebibyte; part += 1) {
      const copy = await copyOf(small);
      const words = ['archive', copy, '--to', key];
      const start = part * partSize;
      const length = Math.min(partSize, smallMebibytes * mebibyte - start);
      await cutUpload(words, start + Math.floor(Math.random() * length), `in part ${part + 1}`);
      await finishUpload(words);
      kept += await keptParts(copy);
      await rm(stored());
    }
    expect(kept).to.be.greaterThan(0);
  });

  it(`goes on with one of ${mebibytes} MiB that is cut again and again, also encrypted; before its end nothing is there`, async () => {
    const identity = join(dir, 'identity');
    await writeFile(identity, await run('age-keygen', []));
    const recipient = /age1[a-z0-9]+/.exec(await readFile(identity, 'utf8'))?.[0] ?? '';
    for (const encrypt of [[], ['--encrypt-to', recipient]]) {
      const copy = await copyOf(original);
      const words = ['archive', copy, '--to', key, ...encrypt];
      for (const share of cuts) await cutUpload(words, share * mebibytes * mebibyte, `after ${share}`);
      await finishUpload(words, '--identity', identity);
      expect(await keptParts(copy)).to.be.greaterThan(0);
      expect((await readdir(join(copy, '..'))).sort()).to.deep.equal(['case']);
      await rm(stored());
      await rm(copy, { recursive: true });
    }
    const what = `parts sent again of an upload of ${mebibytes} MiB, cut ${cuts.length} times, read back and verified`;
    await measured(what, 'none that was there');
  });

  it('says one clear sentence for wrong credentials, a missing bucket, no server, and never replaces an object', async () => {
    const copy = await copyOf(original);
    const said = async (words: readonly string[], env: Record<string, string> = {}): Promise<string> => {
      const { code, stderr } = await program(words, env);
      return `${code} ${stderr.split('\n')[0] ?? ''}`;
    };
    const words = ['archive', copy, '--to', key];
    for (const env of [{ AWS_SECRET_ACCESS_KEY: 'wrong' }, { AWS_ACCESS_KEY_ID: 'nobody' }]) {
      const refused = 'the storage does not accept these credentials';
      expect(await said(words, env)).to.equal(`1 error: cannot begin the upload to ${key}: ${refused}`);
      expect(await said(['verify', key], env)).to.equal(`1 error: cannot read ${key}: ${refused}`);
    }
    expect(await said(['archive', copy, '--to', 's3://none/x'])).to.equal(
      '1 error: cannot begin the upload to s3://none/x: there is no bucket none',
    );
    expect(await said(['verify', key])).to.equal(`1 error: cannot read ${key}: there is no such object`);
    expect(await said(words, { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' })).to.match(
      /^1 error: cannot look for s3:\/\/cases\/2026\/case\.tar\.zst: the storage cannot be reached \(.*ECONNREFUSED/,
    );
    expect(await said(words, { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' })).to.match(
      /^1 error: cannot look for .*: there are no credentials$/,
    );
    await mkdir(join(storage.dir, 'cases/2026'));
    await writeFile(stored(), 'precious');
    expect(await said(words)).to.equal(`2 error: ${key} exists; remove it or give another name with --to`);
    expect(await readFile(stored(), 'utf8')).to.equal('precious');
  });

  it('finds an object that was altered there', async () => {
    const copy = await copyOf(original);
    const { code, stderr } = await program(['archive', copy, '--to', key]);
    expect(code, stderr).to.equal(0);
    const { size } = await stat(stored());
    const object = await open(stored(), 'r+');
    await object.write(randomBytes(16), 0, 16, Math.floor(size / 2));
    await object.close();
    const verified = await program(['verify', key]);
    expect(verified.code, verified.stderr).to.equal(4);
    expect(verified.stdout).to.match(/^BROKEN /);
  });
});

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
