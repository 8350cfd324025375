import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { chainStart, type CustodyLine } from '../../src/evidence/custody-line.ts';
import { Custody, readChain } from '../../src/evidence/custody.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { inSandbox } from './sandbox.ts';

async function open(dir: string): Promise<Custody> {
  await mkdir(join(dir, 'data'), { recursive: true });
  return Custody.open(memoryIo(), dir);
}

async function linesIn(dir: string, file: string): Promise<CustodyLine[]> {
  const text = await readFile(join(dir, file), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as CustodyLine);
}

const act = { action: 'note', object: 'x', result: 'done' };

/** A chain whose case looks sealed. */
async function sealed(dir: string): Promise<Custody> {
  const custody = await open(dir);
  await custody.append({ ...act, action: 'seal' });
  await custody.sealWith(async () => {
    for (const file of ['bagit.txt', 'tagmanifest-sha512.txt']) await writeFile(join(dir, file), file);
  });
  return custody;
}

describe('custody', () => {
  it('is one chain however many append at once, each with who did it', () =>
    inSandbox(async (dir) => {
      const custody = await open(dir);
      custody.identify('jane@example.org');
      await Promise.all(Array.from({ length: 20 }, (_, at) => custody.append({ ...act, object: `${at}` })));
      const { head, broken } = await readChain(createReadStream(join(dir, 'data/custody.jsonl')), chainStart);
      expect([head, broken]).to.deep.equal([custody.head, undefined]);
      const lines = await linesIn(dir, 'data/custody.jsonl');
      expect(lines.map(({ seq, object }) => `${seq} ${object}`)[19]).to.equal('20 19');
      expect(lines[0]?.actor.api).to.equal('jane@example.org');
    }));

  it('is not written to when it is broken', () =>
    inSandbox(async (dir) => {
      await (await open(dir)).append(act);
      await appendFile(join(dir, 'data/custody.jsonl'), '{"seq":2}\n');
      const before = await readFile(join(dir, 'data/custody.jsonl'));
      expect((await failureOf(open(dir))).message).to.match(
        /is broken: line 2 of data\/custody.jsonl does not match its own sum$/,
      );
      expect(await readFile(join(dir, 'data/custody.jsonl'))).to.deep.equal(before);
    }));

  it('keeps acts after the seal beside the bag, and takes them in when the case is re-opened', () =>
    inSandbox(async (dir) => {
      const custody = await sealed(dir);
      await custody.appendAfterSeal({ ...act, action: 'archive' });
      expect(await linesIn(dir, 'data/custody.jsonl')).to.have.length(1);
      const again = await open(dir);
      expect([again.sealed, again.head.seq]).to.deep.equal([true, 2]);
      await again.append(act);
      const lines = await linesIn(dir, 'data/custody.jsonl');
      expect(lines.map(({ action }) => action)).to.deep.equal(['seal', 'archive', 'reopen', 'note']);
      expect(again.sealed).to.equal(false);
      expect((await failureOf(readFile(join(dir, 'bagit.txt')))).message).to.contain('ENOENT');
    }));

  it('goes on when it was killed while it took in the acts after the seal', () =>
    inSandbox(async (dir) => {
      const custody = await sealed(dir);
      await custody.appendAfterSeal({ ...act, action: 'archive' });
      const after = await readFile(join(dir, 'custody-after-seal.jsonl'));
      await appendFile(join(dir, 'data/custody.jsonl'), after);
      const again = await open(dir);
      await again.append(act);
      const lines = await linesIn(dir, 'data/custody.jsonl');
      expect(lines.map(({ seq, action }) => `${seq} ${action}`)).to.deep.equal([
        '1 seal',
        '2 archive',
        '3 note',
      ]);
    }));

  it('takes a seal that was not finished for none', () =>
    inSandbox(async (dir) => {
      const custody = await open(dir);
      await custody.append({ ...act, action: 'seal' });
      await writeFile(join(dir, 'bagit.txt'), 'x');
      const again = await open(dir);
      expect(again.sealed).to.equal(false);
      expect((await failureOf(readFile(join(dir, 'bagit.txt')))).message).to.contain('ENOENT');
    }));
});
