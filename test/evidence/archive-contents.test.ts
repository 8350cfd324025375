import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { listContents } from '../../src/evidence/archive-contents.ts';
import { tagFiles } from '../../src/evidence/layout.ts';
import { VerificationError } from '../../src/output/errors.ts';
import { signWith } from '../../src/subcommands/signing.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { sampleCase } from './sample.ts';
import { inSandbox } from './sandbox.ts';
import { makeKey } from './signature/keys.ts';

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

  for (const name of tagFiles)
    it(`names ${name} when it was taken away or changed`, () =>
      inSandbox(async (dir) => {
        await sampleCase(dir);
        await appendFile(join(dir, name), 'x');
        const changed = await failureOf(listContents(dir));
        expect(changed).to.be.instanceOf(VerificationError);
        expect(changed.message).to.contain(`${name} is not what was sealed`);
        await rm(join(dir, name));
        expect((await failureOf(listContents(dir))).message).to.contain(`${name} is not what was sealed`);
      }));

  it('names a signature or statement that is none of this seal', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await sampleCase(place);
      await signWith(
        { io: memoryIo(), global: {}, signal: new AbortController().signal },
        place,
        await makeKey(dir, 'key'),
      );
      const { files } = await listContents(place);
      const signed = files.map(({ path }) => path).filter((path) => path.startsWith('signature/'));
      expect(signed).to.have.length(2);
      for (const path of signed) {
        const before = await readFile(join(place, path));
        await appendFile(join(place, path), 'x');
        expect((await failureOf(listContents(place))).message).to.contain(`${path} is not what was sealed`);
        await writeFile(join(place, path), before);
      }
    }));
});
