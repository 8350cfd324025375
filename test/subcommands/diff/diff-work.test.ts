import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { DiffSpool } from '../../../src/filesystem/change-log.ts';
import { openCase } from '../../../src/evidence/case.ts';
import type { PodDiff } from '../../../src/filesystem/pod-diff.ts';
import { lookOnNode } from '../../../src/subcommands/diff/diff-work.ts';
import { aPod } from '../../fake-api/builders.ts';
import { startFakeApi } from '../../fake-api/fake-api.ts';
import type { FakeApi } from '../../fake-api/fake-api.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';

describe('lookOnNode', () => {
  let fake: FakeApi;
  let dir: string;
  const interrupt = new AbortController();
  beforeEach(async () => {
    fake = await startFakeApi();
    dir = await mkdtemp(join(tmpdir(), 'diff-work-'));
  });
  afterEach(async () => {
    await fake.close();
    await rm(dir, { recursive: true, force: true });
  });

  /** The pods are on a node that is not there. */
  const look = async (goOn: boolean, signal = interrupt.signal): Promise<PodDiff[]> => {
    const io = memoryIo();
    const opened = await openCase(io, { dir, target: 'web' });
    const diffs: PodDiff[] = [];
    const options = {
      'collector-namespace': 'kubectl-ir',
      'collector-image': undefined,
      'collector-pull-secret': undefined,
      container: [],
      previous: false,
      freeze: false,
      content: false,
      spool: new DiffSpool(),
      goOn,
      seen: (found: readonly PodDiff[]) => {
        diffs.push(...found);
        return Promise.resolve();
      },
    };
    const work = { node: 'node-x', pods: [aPod('web'), aPod('shop')] };
    try {
      await lookOnNode(await fake.connect(), opened, work, options, { io, global: {}, signal });
      return diffs;
    } finally {
      await opened.close();
    }
  };

  it('tells a node that can not be looked at as blind, for each of its pods, and goes on', async () => {
    const diffs = await look(true);
    expect(diffs.map(({ pod }) => pod.name)).to.deep.equal(['web', 'shop']);
    for (const { containers } of diffs) {
      expect(containers[0]?.blind[0]?.why).to.match(/"node-x" not found/);
      expect(containers[0]?.summary.complete).to.equal(false);
    }
  });

  it('fails where there is nothing else to look at, and when it is interrupted', async () => {
    expect((await failureOf(look(false))).message).to.match(/"node-x" not found/);
    const stopped = AbortSignal.abort(new Error('interrupted'));
    expect((await failureOf(look(true, stopped))).message).to.equal('interrupted');
  });
});
