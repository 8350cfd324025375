import { expect } from 'chai';
import { isRuntime } from '../../src/filesystem/changes.ts';
import { changesOf } from '../../src/filesystem/changes.ts';
import { blindDiff, containerDiff, diffExitCode } from '../../src/filesystem/container-diff.ts';
import type { Findings } from '../../src/filesystem/container-diff.ts';
import type { Change, ContainerDiff, HiddenProcess } from '../../src/filesystem/pod-diff.ts';

const target = {
  name: 'web',
  id: 'a'.repeat(64),
  runtime: 'containerd',
  image: 'shop:1',
  imageID: 'shop@x',
  state: 'running',
} as const;
const added: Change = { path: '/f', change: 'added', type: 'file', flags: [] };
const made: Change = { ...added, path: '/data', type: 'directory', flags: ['world-writable', 'runtime'] };
const gone: Change = { ...added, path: '/g', change: 'deleted' };
const miner: HiddenProcess = { pid: 17, name: 'm', executable: '/m', reason: 'deleted', size: 9 };
const unread = { what: 'file system', why: 'a layer is missing' };

type Seen = Partial<Omit<Findings, 'changes'>> & { readonly changes?: readonly Change[] };
const seen = ({ changes = [], ...found }: Seen = {}): ContainerDiff =>
  containerDiff(target, {
    driver: 'overlay',
    changes: changesOf(changes),
    mounts: [],
    processes: [],
    openFiles: [],
    namespaces: [],
    blind: [],
    capabilities: true,
    ...found,
  });

describe('the diff of one container', () => {
  for (const [what, found, summary] of [
    [
      'of nothing',
      {},
      { counts: {}, runtime: 0, processes: 0, openFiles: 0, complete: true, capabilities: true },
    ],
    [
      'with the entries of the runtime beside the counts',
      { changes: [added, made, gone, made, { ...added, path: '/runtime' }] },
      {
        counts: { added: 2, deleted: 1 },
        runtime: 2,
        processes: 0,
        openFiles: 0,
        complete: true,
        capabilities: true,
      },
    ],
    [
      'with the runtime alone, where no kind is counted, not even as 0',
      { changes: [made] },
      { counts: {}, runtime: 1, processes: 0, openFiles: 0, complete: true, capabilities: true },
    ],
    [
      'with a process and a gap',
      { processes: [miner], blind: [unread], capabilities: false },
      { counts: {}, runtime: 0, processes: 1, openFiles: 0, complete: false, capabilities: false },
    ],
  ] as const)
    it(`sums up what was found: ${what}`, () => expect(seen(found).summary).to.deep.equal(summary));

  it('says which container it is, keeps every change, and capabilities only in the summary', async () => {
    const diff = seen({ changes: [made, added] });
    expect(diff).to.include(target);
    const kept: Change[] = [];
    for await (const change of diff.changes) kept.push(change);
    expect(kept).to.deep.equal([made, added]);
    expect(diff).to.not.have.property('capabilities');
  });
  it('takes the flag for the runtime, not the name', () => {
    expect([made, added, { ...added, path: '/runtime' }].map(isRuntime)).to.deep.equal([true, false, false]);
  });
});

describe('the diff of a container that was not read', () => {
  it('is not complete, and claims no driver and no capabilities', () => {
    const diff = blindDiff(target, [unread]);
    expect(diff).to.deep.include({ ...target, driver: '', blind: [unread] });
    expect(diff.summary).to.include({ complete: false, capabilities: false });
  });
  it('keeps what is known beside the layers', () => {
    const diff = blindDiff(target, [unread], {
      driver: 'ext4',
      mounts: [],
      processes: [miner],
      openFiles: [],
      namespaces: [],
    });
    expect(diff).to.deep.include({ driver: 'ext4', processes: [miner] });
    expect(diff.summary.processes).to.equal(1);
  });
});

describe('the exit code of a diff of containers', () => {
  const blind = blindDiff(target, [unread]);
  for (const [what, containers, code] of [
    ['no change', [seen(), seen()], 0],
    ['entries of the runtime', [seen({ changes: [made] })], 0],
    ['a change beside those of the runtime', [seen({ changes: [made, added] })], 1],
    ['a change in the last container', [seen(), seen({ changes: [gone] })], 1],
    ['a hidden process and no change', [seen({ processes: [miner] })], 1],
    ['nothing read', [blind], 3],
    ['nothing read in the last container', [seen(), blind], 3],
    ['changes in one and nothing read in the other', [seen({ changes: [added] }), blind], 3],
    ['changes in a container that was read in part', [seen({ changes: [added], blind: [unread] })], 3],
  ] as const)
    it(`is ${code} for ${what}`, () => {
      const pod = { namespace: 'prod', name: 'shop', uid: 'u', node: 'node-a' };
      expect(diffExitCode({ apiVersion: 'kubectl-ir/v1', kind: 'PodDiff', pod, containers })).to.equal(code);
    });
});
