import { expect } from 'chai';
import type { Case } from '../../../src/evidence/case.ts';
import { createProgress } from '../../../src/output/progress.ts';
import type { Taken } from '../../../src/subcommands/snapshot/collect.ts';
import { snapshotData, tellCase, tellSnapshot } from '../../../src/subcommands/snapshot/present.ts';
import { memoryIo } from '../../support/memory-io.ts';

const taken: Taken = {
  summary: {
    processes: 41,
    containers: 9,
    sockets: 128,
    networkNamespaces: 6,
    deletedExecutables: 0,
    keptExecutables: 0,
    phases: [
      { phase: 'sockets', milliseconds: 3, complete: true },
      { phase: 'processes', milliseconds: 4, complete: true },
      { phase: 'logs', milliseconds: 5, complete: false },
    ],
    incomplete: ['logs: the stream broke'],
  },
  acquisition: {
    dir: '/case/data/acquisitions/x',
    outcome: 'partial',
    items: 12,
    bytes: 2048,
    sensitive: 3,
    secrets: 2,
    outcomes: { ok: 10, skipped: 2 },
    gaps: [],
    gapCount: 2,
  },
  resumes: ['earlier'],
};
const opened = { dir: '/case', secretKey: { path: '/state/x.key', failure: undefined } } as unknown as Case;

describe('what a snapshot tells', () => {
  it('counts what came, what may hold credentials, and secrets that are no gaps', async () => {
    const io = memoryIo();
    await tellSnapshot(taken, { io, global: {}, signal: new AbortController().signal });
    expect(io.out()).to.equal(
      '41 processes, 128 sockets in 6 namespaces\n12 items, 2.0Ki, 3 may hold credentials, 2 secrets left out\n',
    );
  });

  it('does not count as none what an earlier run looked at', async () => {
    const io = memoryIo();
    const summary = { ...taken.summary, processes: 0, sockets: 0, phases: taken.summary.phases.slice(2) };
    await tellSnapshot({ ...taken, summary }, { io, global: {}, signal: new AbortController().signal });
    expect(io.out()).to.equal('12 items, 2.0Ki, 3 may hold credentials, 2 secrets left out\n');
  });

  it('says what is not whole, how to go on, and where case and key are', async () => {
    const io = memoryIo();
    await tellCase([taken], opened, 'node node-a', createProgress(io));
    expect(io.err()).to.equal(
      'warning: not complete: logs: the stream broke\nCase      /case\n' +
        'Key       /state/x.key  recognises secrets again; keep it out of the case\n' +
        'Go on     kubectl ir snapshot node node-a --case /case\n',
    );
  });

  it('quotes the case in the command to paste', async () => {
    const io = memoryIo();
    const quoted = { dir: "/jane's case", secretKey: {} } as unknown as Case;
    await tellCase([taken], quoted, 'node node-a', createProgress(io));
    expect(io.err()).to.contain("Go on     kubectl ir snapshot node node-a --case '/jane'\\''s case'\n");
  });

  it('warns of a clock that was set meanwhile, and has it as JSON', async () => {
    const io = memoryIo();
    const stepped = { ...taken, summary: { ...taken.summary, incomplete: [], clockStep: 'a clock was set' } };
    await tellCase([stepped], opened, 'node node-a', createProgress(io));
    expect(io.err()).to.match(/^warning: a clock was set; times from before it and after it differ\n/);
    expect(snapshotData('NodeSnapshot', {}, stepped, opened)).to.include({ clockStep: 'a clock was set' });
  });

  it('has all of it as JSON', () => {
    const data = snapshotData('NodeSnapshot', { node: 'node-a' }, taken, opened);
    expect(data).to.deep.include({ kind: 'NodeSnapshot', node: 'node-a', resumes: ['earlier'], secrets: 2 });
    expect(data).to.have.nested.property('counts.processes', 41);
  });
});
