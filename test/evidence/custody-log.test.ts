import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../src/evidence/case.ts';
import { readCustody } from '../../src/evidence/custody-log.ts';
import { memoryIo } from '../support/memory-io.ts';
import { sampleCase } from './sample.ts';
import { inSandbox } from './sandbox.ts';

async function actions(dir: string): Promise<string[]> {
  const seen: string[] = [];
  await readCustody(dir, ({ action }) => seen.push(action));
  return seen;
}

describe('custody log', () => {
  it('shows the lines of the payload and then those beside the bag', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const opened = await openCase(memoryIo(), { dir, target: '' });
      await opened.custody.appendAfterSeal({ action: 'handover', object: 'x', result: 'done' });
      const { head } = opened.custody;
      await opened.close();
      expect((await actions(dir)).slice(-3)).to.deep.equal(['acquire', 'seal', 'handover']);
      expect(await readCustody(dir)).to.deep.equal({ head, afterSeal: 1 });
    }));

  it('tells where the chain breaks, and shows what is before that', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      await appendFile(join(dir, 'custody-after-seal.jsonl'), '{}\n');
      expect((await readCustody(dir)).broken).to.equal(
        'line 1 of custody-after-seal.jsonl does not match its own sum',
      );
      await appendFile(join(dir, 'data/custody.jsonl'), '{"seq":');
      expect((await readCustody(dir)).broken).to.equal('data/custody.jsonl ends in the middle of a line');
      expect((await actions(dir)).at(-1)).to.equal('seal');
    }));

  it('is empty where there is none', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      await rm(join(dir, 'data/custody.jsonl'));
      expect(await actions(dir)).to.deep.equal([]);
    }));
});
