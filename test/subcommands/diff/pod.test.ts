import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { command } from '../../../src/subcommands/diff/pod.ts';
import { aNode, aPod } from '../../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../../fake-api/fake-api.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';

describe('diff pod', () => {
  let fake: FakeApi;
  let dir: string;

  beforeEach(async () => {
    fake = await startFakeApi();
    fake.put(aNode('node-a'));
    fake.put(aPod('web'));
    dir = await mkdtemp(join(tmpdir(), 'diff-pod-'));
  });
  afterEach(async () => {
    await fake.close();
    await rm(dir, { recursive: true, force: true });
  });

  const diff = (words: string[], flags: Record<string, unknown> = {}): Promise<number> =>
    command.start(
      words,
      { 'collector-namespace': 'kubectl-ir', container: [], case: join(dir, 'case'), ...flags },
      {
        io: memoryIo(),
        global: { server: fake.url, token: 'fake-token' },
        signal: new AbortController().signal,
      },
    );

  it('has no failure with the exit code of changes', () => {
    expect(command.failureCode).to.equal(3);
  });

  const refused: [string, () => Promise<number>, string][] = [
    ['what has no pods', () => diff(['node/web']), 'diff pod takes a pod or an owner of pods, not nodes'],
    ['a container that the pod has not', () => diff(['web'], { container: ['sidecar'] }), 'sidecar'],
    ['a pod that is on no node', () => diff(['waiting']), 'pod "waiting" is not on a node yet'],
    ['a user without the rights', () => diff(['web']), 'may not do what diff needs:\n  create pods '],
  ];
  for (const [what, run, message] of refused) {
    it(`refuses ${what} and begins nothing`, async () => {
      fake.put(aPod('waiting', { spec: { containers: [{ name: 'app' }] } }));
      if (what.includes('rights')) fake.deny({ verb: 'create', resource: 'pods' });
      expect((await failureOf(run())).message).to.include(message);
      expect(await readdir(dir)).to.deep.equal([]);
    });
  }
});
