import { appendFile, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openAcquisition } from '../../src/evidence/reader.ts';
import { OperationError, VerificationError } from '../../src/output/errors.ts';
import { failureOf } from '../support/failure.ts';
import { sampleCase } from './sample.ts';
import { inSandbox } from './sandbox.ts';

async function sampleAcquisition(dir: string): Promise<string> {
  await sampleCase(dir, false);
  const [name = ''] = await readdir(join(dir, 'data/acquisitions'));
  return join(dir, 'data/acquisitions', name);
}

describe('reader', () => {
  it('gives no content of an item that is not what was collected', () =>
    inSandbox(async (dir) => {
      const place = await sampleAcquisition(dir);
      const reader = await openAcquisition(place);
      const [item] = reader.items;
      if (item?.offset === undefined) throw new Error('there is no item');
      expect((await reader.bytes(item, 100)).toString()).to.equal('content of [root]/etc/passwd');
      const tar = await open(join(place, reader.info.tar.name), 'r+');
      await tar.write('X', item.offset);
      await tar.close();
      const error = await failureOf(reader.bytes(item, 100));
      expect(error).to.be.instanceOf(VerificationError);
      expect(error.message).to.match(/^item 1 \(\[root\]\/etc\/passwd\) in .* is not what was collected$/);
    }));

  it('names a tar or an index that is missing or can not be read', () =>
    inSandbox(async (dir) => {
      const place = await sampleAcquisition(dir);
      const reader = await openAcquisition(place);
      const [item] = reader.items;
      if (item === undefined) throw new Error('there is no item');
      const tar = join(place, reader.info.tar.name);
      for (const [name, look] of [
        [tar, () => reader.bytes(item, 100)],
        [tar, () => reader.access(item)],
        [join(place, 'items.jsonl'), () => openAcquisition(place)],
      ] as const) {
        await rm(name, { recursive: true });
        const missing = await failureOf(look());
        expect(missing).to.be.instanceOf(OperationError);
        expect(missing.message).to.equal(`${name} can't be read (ENOENT)`);
        await mkdir(name);
        expect((await failureOf(look())).message).to.equal(`${name} can't be read (EISDIR)`);
      }
    }));

  it('gives nothing of an item that has no bytes', () =>
    inSandbox(async (dir) => {
      const reader = await openAcquisition(await sampleAcquisition(dir));
      const gap = reader.items.find(({ outcome }) => outcome === 'skipped');
      if (gap === undefined) throw new Error('there is no gap');
      expect(await reader.bytes(gap, 0)).to.have.length(0);
    }));

  it('names the line of a damaged index, and a directory that is no acquisition', () =>
    inSandbox(async (dir) => {
      const place = await sampleAcquisition(dir);
      await appendFile(join(place, 'items.jsonl'), '{}\n');
      expect((await failureOf(openAcquisition(place))).message).to.match(
        /^line 7 of .*items\.jsonl is no item$/,
      );
      expect((await failureOf(openAcquisition(dir))).message).to.contain('is no acquisition of a case');
    }));
});
