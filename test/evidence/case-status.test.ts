import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../src/evidence/case.ts';
import { readCaseStatus } from '../../src/evidence/case-status.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { sampleCase } from './sample.ts';
import { inSandbox } from './sandbox.ts';
import { unreadables } from './unreadable.ts';

describe('case status', () => {
  it('tells acquisitions with what came of their items, custody and state', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir, false);
      const open = await readCaseStatus(dir);
      expect([open.state, open.sealed, open.notes]).to.deep.equal(['open', undefined, []]);
      expect(open.acquisitions.map(({ name, outcomes }) => [name, outcomes])).to.deep.equal([
        ['20261122T041500Z-diff-shop', { ok: 5, skipped: 1 }],
        ['20261122T041500Z-node-node-a', { ok: 5, skipped: 1 }],
      ]);
      await sampleCase(join(dir, 'sealed'));
      const sealed = await readCaseStatus(join(dir, 'sealed'));
      expect([sealed.state, sealed.sealed, sealed.custody.action]).to.deep.equal([
        'sealed',
        '2026-11-22T04:15:00.000Z',
        'seal',
      ]);
    }));

  it('says closed, and by whom', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const opened = await openCase(memoryIo(), { dir, target: '' });
      await opened.custody.appendAfterSeal({ action: 'close', object: opened.name, result: 'done' });
      await opened.close();
      const { state, closed, custody } = await readCaseStatus(dir);
      expect([state, closed?.actor, custody.afterSeal]).to.deep.equal(['closed', opened.custody.actor, 1]);
    }));

  it('shows what it can of a case that a newer program wrote, and says so', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const path = join(dir, 'data/case.json');
      await writeFile(path, (await readFile(path, 'utf8')).replace('"format": 1', '"format": 2'));
      const { name, record, acquisitions, notes } = await readCaseStatus(dir);
      expect([name, record, acquisitions.length]).to.deep.equal(['ir-20261122T041500Z-shop', undefined, 2]);
      expect(notes).to.deep.equal([
        'a newer kubectl ir wrote it (format 2, known here: 1); what is known here is shown',
      ]);
    }));

  it('notes what it cannot read', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      await mkdir(join(dir, 'data/acquisitions/empty'));
      await mkdir(join(dir, 'signature'));
      await writeFile(join(dir, 'signature/x.sig'), 'x');
      await appendFile(join(dir, 'data/custody.jsonl'), 'x\n');
      const { notes, unreadable } = await readCaseStatus(dir);
      expect(notes).to.deep.equal([
        'custody is broken: line 7 of data/custody.jsonl does not match its own sum',
        'signature/x.sig is no SSH signature',
      ]);
      expect(unreadable).to.deep.equal([
        { name: 'empty', reason: 'is no acquisition of a case: it has no acquisition.json' },
      ]);
      expect((await failureOf(readCaseStatus(join(dir, 'data')))).message).to.equal(`no case at ${dir}/data`);
    }));

  for (const { what, harm, reason } of unreadables)
    it(`tells the other acquisitions of a case beside one ${what}`, () =>
      inSandbox(async (outside) => {
        const dir = join(outside, 'case');
        await sampleCase(dir, false);
        const name = '20261122T041500Z-diff-shop';
        await harm(join(dir, 'data/acquisitions', name));
        const { acquisitions, unreadable, notes } = await readCaseStatus(dir);
        expect(acquisitions.map((one) => one.name)).to.deep.equal(['20261122T041500Z-node-node-a']);
        expect([unreadable, notes]).to.deep.equal([[{ name, reason }], []]);
      }));
});
