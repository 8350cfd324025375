import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { digestOf, packArchive, sha256Of } from '../../scripts/pack.ts';

describe('packArchive', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kubectl-ir-pack-'));
    await writeFile(join(directory, 'LICENSE'), 'free');
    await writeFile(join(directory, 'kubectl-ir'), '#!/bin/sh\n', { mode: 0o700 });
  });
  afterEach(() => rm(directory, { recursive: true }));

  const inside = (name: string): string => join(directory, name);

  it('makes an archive that tar reads, with modes, and the same bytes again', async () => {
    const files = [inside('LICENSE'), inside('kubectl-ir')];
    await packArchive(files, inside('a.tar.gz'));
    await packArchive(files, inside('b.tar.gz'));
    expect(await sha256Of(inside('a.tar.gz'))).to.equal(await sha256Of(inside('b.tar.gz')));
    const { stdout } = await promisify(execFile)('tar', ['-tvzf', inside('a.tar.gz')]);
    expect(stdout).to.match(/^-rw-r--r-- 0\/0 +4 .* LICENSE\n-rwxr-xr-x 0\/0 +10 .* kubectl-ir\n$/);
  });

  it('has a digest that changes with names, contents and what is added', async () => {
    const digest = await digestOf([inside('LICENSE')], ['x']);
    expect(await digestOf([inside('LICENSE')], ['x'])).to.equal(digest);
    expect(await digestOf([inside('LICENSE')], ['y'])).to.not.equal(digest);
    expect(await digestOf([inside('kubectl-ir')], ['x'])).to.not.equal(digest);
    await writeFile(inside('LICENSE'), 'not free');
    expect(await digestOf([inside('LICENSE')], ['x'])).to.not.equal(digest);
  });
});
