import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../src/evidence/case.ts';
import { verifyPath } from '../../src/evidence/verify.ts';
import { readCourse, recordInCase } from '../../src/incident/case-course.ts';
import { decisionAct, moveAct } from '../../src/incident/course-acts.ts';
import { sampleCase } from '../evidence/sample.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

const { signal } = new AbortController();

describe('the course of a case', () => {
  it('is recorded with what was known under the lock, beside the seal', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const recorded = await recordInCase(memoryIo(), dir, signal, ({ moves }, name) => [
        decisionAct(name, `in ${moves.at(-1)?.phase ?? 'none'}`),
        moveAct({ phase: 'contain' }),
      ]);
      expect(recorded).to.include({ caseName: 'ir-20261122T041500Z-shop', line: 8 });
      const { course, broken } = await readCourse(dir);
      expect([course, broken]).to.deep.equal([recorded.course, undefined]);
      expect(course.entries.map(({ text }) => text)).to.deep.equal(['in open']);
      expect(course.moves.map(({ phase }) => phase)).to.deep.equal(['open', 'contain']);
      expect((await verifyPath(dir)).verdict).to.equal('CONSISTENT');
    }));

  it('stays as it was when no acts follow from it, and the case is free again', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const before = await readFile(join(dir, 'data/custody.jsonl'));
      const refuse = (): never => {
        throw new Error('not so');
      };
      expect((await failureOf(recordInCase(memoryIo(), dir, signal, refuse))).message).to.equal('not so');
      expect(await readFile(join(dir, 'data/custody.jsonl'))).to.deep.equal(before);
      await (await openCase(memoryIo(), { dir, target: '' })).close();
    }));

  it('is told as far as the chain holds', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir, false);
      const path = join(dir, 'data/custody.jsonl');
      const lines = (await readFile(path, 'utf8')).split('\n');
      await writeFile(path, [lines[0], lines[2], ''].join('\n'));
      const { course, broken } = await readCourse(dir);
      expect(course.moves).to.have.length(1);
      expect(broken).to.contain('line 2 of data/custody.jsonl');
    }));
});
