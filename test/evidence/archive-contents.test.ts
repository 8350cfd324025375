import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { listContents } from '../../src/evidence/archive-contents.ts';
import { failureOf } from '../support/failure.ts';
import { sampleCase } from './sample.ts';
import { inSandbox } from './sandbox.ts';

describe('listContents', () => {
  it('puts tag files first, and each tar behind its index', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const { files, sealed, sensitive } = await listContents(dir);
      expect(files.slice(0, 2).map(({ path }) => path)).to.deep.equal(['bagit.txt', 'bag-info.txt']);
      expect(files.slice(-2).every(({ path }) => path.endsWith('.tar'))).to.equal(true);
      expect(files.filter(({ sha256 }) => sha256 === undefined).map(({ path }) => path)).to.deep.equal([
        'tagmanifest-sha256.txt',
        'tagmanifest-sha512.txt',
      ]);
      expect([sealed.toISOString(), sensitive]).to.deep.equal(['2026-11-22T04:15:00.000Z', 0]);
    }));

  it('names a file that was added or is missing since the seal', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      await writeFile(join(dir, 'data/new'), 'x');
      expect((await failureOf(listContents(dir))).message).to.contain('data/new is not what was sealed');
      await rm(join(dir, 'data/new'));
      await rm(join(dir, 'data/case.json'));
      expect((await failureOf(listContents(dir))).message).to.contain(
        'data/case.json is not what was sealed',
      );
    }));
});
