import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { changedInSeal } from '../../src/evidence/seal-check.ts';
import { sampleCase } from './sample.ts';
import { inSandbox } from './sandbox.ts';

describe('changedInSeal', () => {
  it('finds nothing in what was sealed, whatever became of the payload', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      await appendFile(join(dir, 'data/custody.jsonl'), 'x');
      expect(await changedInSeal(dir, [])).to.equal(undefined);
    }));

  it('names a tag manifest that lists more, less, or in another way than seal does', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const path = join(dir, 'tagmanifest-sha512.txt');
      const text = await readFile(path, 'utf8');
      for (const other of [`${text}${text}`, text.replace(/^.*\n/, ''), text.toUpperCase(), `${text}\n`]) {
        await writeFile(path, other);
        expect(await changedInSeal(dir, [])).to.equal('tagmanifest-sha512.txt');
      }
    }));
});
