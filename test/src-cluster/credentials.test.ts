import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { bearer, fixedCredentials, readPem, tokenCredentials } from '../../src/cluster/credentials.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('bearer', () => {
  it('takes off the white space of a file', () => {
    expect(bearer(' abc.def\n')).to.equal('Bearer abc.def');
  });

  for (const token of ['', ' \n', 'a b', 'a\r\nHost: x', 'ü']) {
    it(`refuses ${JSON.stringify(token)} without repeating it`, () => {
      expect(() => bearer(token)).to.throw(
        /^the token is empty or has characters that a header cannot carry$/,
      );
    });
  }
});

describe('tokenCredentials', () => {
  let file: string;
  beforeEach(async () => {
    file = path.join(await mkdtemp(path.join(tmpdir(), 'token-')), 'token');
  });
  afterEach(() => rm(path.dirname(file), { recursive: true }));
  const user = () => ({ tokenFile: file, asGroups: [], asExtra: {} });

  it('reads the file again after a while, and at once when the token was refused', async () => {
    let clock = 0;
    const source = tokenCredentials(user(), undefined, memoryIo({ monotonic: () => clock }));
    await writeFile(file, 'a');
    expect(await source.authorization()).to.equal('Bearer a');
    await writeFile(file, 'b');
    expect(await source.authorization()).to.equal('Bearer a');
    clock += 10_000;
    expect(await source.authorization()).to.equal('Bearer b');
    await writeFile(file, 'c');
    expect(source.refresh()).to.equal(true);
    expect(await source.authorization()).to.equal('Bearer c');
  });

  it('keeps the last token when the file is gone, and falls back to the one of the kubeconfig', async () => {
    await writeFile(file, 'a');
    const source = tokenCredentials(user(), undefined, memoryIo());
    await source.authorization();
    await unlink(file);
    source.refresh();
    expect(await source.authorization()).to.equal('Bearer a');
    const fallback = tokenCredentials({ ...user(), token: 'b' }, undefined, memoryIo());
    expect(await fallback.authorization()).to.equal('Bearer b');
  });

  it('names a file that cannot be read', async () => {
    const error = await failureOf(tokenCredentials(user(), undefined, memoryIo()).authorization());
    expect(error.message).to.match(/^unable to read the token file .*: ENOENT/);
  });
});

describe('fixedCredentials and readPem', () => {
  it('stay what they are', async () => {
    const certificate = { cert: Buffer.from('c'), key: Buffer.from('k') };
    const source = fixedCredentials('Basic x', certificate);
    expect([await source.authorization(), await source.certificate(), source.refresh()]).to.deep.equal([
      'Basic x',
      certificate,
      false,
    ]);
    expect(await readPem(undefined, 'client-key')).to.equal(undefined);
  });
});
