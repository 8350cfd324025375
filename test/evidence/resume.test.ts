import { expect } from 'chai';
import { openCase } from '../../src/evidence/case.ts';
import { findUnfinished, phaseMark } from '../../src/evidence/resume.ts';
import { memoryIo } from '../support/memory-io.ts';
import { inSandbox } from './sandbox.ts';

const options = { phases: ['envelope', 'logs'], choice: { depth: 'full' } };
const wanted = { collection: 'node', target: 'node-a', options };

/** Runs one collection with marks for these phases, and says what of all is unfinished afterwards. */
function lab(work: (collect: Collect) => Promise<void>): Promise<void> {
  return inSandbox(async (dir) => {
    const io = memoryIo();
    const opened = await openCase(io, { dir, target: 'x' });
    try {
      await work(async (marks, outcome, more = {}) => {
        await io.sleep(1000);
        const start = { kind: 'node', target: 'node-a', options: { ...options, ...more } };
        const acquisition = await opened.startAcquisition(start);
        for (const phase of marks)
          await acquisition.addFile(phaseMark(phase), Buffer.from('{}'), { artifact: 'phase', source: 'x' });
        await acquisition.finish({ outcome });
        const found = await findUnfinished(opened.dir, wanted);
        return found === undefined ? undefined : { names: found.acquisitions, done: [...found.done].sort() };
      });
    } finally {
      await opened.close();
    }
  });
}

type Collect = (
  marks: readonly string[],
  outcome: 'complete' | 'partial',
  more?: object,
) => Promise<{ names: readonly string[]; done: string[] } | undefined>;

describe('findUnfinished', () => {
  it('tells what an interrupted collection has whole, over all its runs', () =>
    lab(async (collect) => {
      const first = await collect(['envelope', 'config'], 'partial');
      expect(first?.done).to.deep.equal(['config', 'envelope']);
      const second = await collect(['envelope', 'kernel'], 'partial', { resumes: first?.names });
      expect(second?.done).to.deep.equal(['config', 'envelope', 'kernel']);
      expect(second?.names).to.have.length(2);
      expect(await collect(['logs'], 'complete', { resumes: second?.names })).to.equal(undefined);
    }));

  it('takes no other options for the same collection', () =>
    lab(async (collect) => {
      expect(await collect(['envelope'], 'partial', { choice: { depth: 'triage' } })).to.equal(undefined);
    }));
});
