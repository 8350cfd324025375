import { expect } from 'chai';
import { namespaceObject } from '../../src/collector/namespace.ts';
import { collectorPod } from '../../src/collector/pod.ts';
import { UsageError } from '../../src/output/errors.ts';
import { command } from '../../src/subcommands/cleanup.ts';
import { running } from '../collector/fake-kubelet.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';
import { type MemoryIo, memoryIo } from '../support/memory-io.ts';

const defaults = {
  'collector-namespace': 'kubectl-ir',
  'delete-namespace': false,
  'dry-run': 'none',
  yes: false,
};

describe('cleanup', () => {
  let fake: FakeApi;
  beforeEach(async () => {
    fake = await startFakeApi();
    fake.put(namespaceObject('kubectl-ir'));
  });
  afterEach(() => fake.close());

  async function cleanup(flags: object = {}, io = memoryIo()): Promise<{ code: number; io: MemoryIo }> {
    const global = { server: fake.url, token: 'fake-token' };
    const context = { io, global, signal: new AbortController().signal };
    return { code: await command.start([], { ...defaults, ...flags }, context), io };
  }
  const put = (name: string, phase: string): void => {
    const options = {
      name,
      namespace: 'kubectl-ir',
      node: 'node-a',
      image: 'i',
      subjectUid: 'none',
      spoolMiB: 64,
    };
    const pod = running(collectorPod(options));
    fake.put({ ...pod, status: { ...pod.status, phase } });
  };
  const pods = (): string[] => fake.list('pods').map(({ metadata }) => metadata.name);

  it('deletes the dead and tells of the living', async () => {
    put('ir-dead', 'Succeeded');
    put('ir-live', 'Running');
    const { code, io } = await cleanup();
    expect([code, io.out(), pods()]).to.deep.equal([0, 'pod/ir-dead deleted\n', ['ir-live']]);
    expect(io.err()).to.equal(
      'pod/ir-live on node node-a may be in use; unused, it ends itself within 120 s\n',
    );
  });

  it('says that there is nothing to remove', async () => {
    const { code, io } = await cleanup();
    expect([code, io.out()]).to.deep.equal([0, '']);
    expect(io.err()).to.equal(
      'there are no collector pods; to see what else of kubectl ir is in the cluster: kubectl ir status\n',
    );
  });

  it('deletes nothing on a dry run', async () => {
    put('ir-dead', 'Failed');
    expect((await cleanup({ 'dry-run': 'client' })).io.out()).to.equal('pod/ir-dead deleted (dry run)\n');
    const server = await cleanup({
      'dry-run': 'server',
      'delete-namespace': true,
      'collector-namespace': 'none',
    });
    expect(server.io.err()).to.equal('namespace "none" is not there\n');
    expect((await cleanup({ 'dry-run': 'server' })).io.out()).to.equal(
      'pod/ir-dead deleted (server dry run)\n',
    );
    expect(pods()).to.deep.equal(['ir-dead']);
  });

  it('deletes the namespace only when it is asked for, confirmed and empty', async () => {
    const flags = { 'delete-namespace': true };
    expect(await failureOf(cleanup(flags))).to.be.instanceOf(UsageError);
    const wrong = memoryIo({ interactive: true, input: 'no\n' });
    expect((await failureOf(cleanup(flags, wrong))).message).to.match(/not its name/);
    put('ir-live', 'Running');
    expect((await failureOf(cleanup({ ...flags, yes: true }))).message).to.match(
      /is not empty: pods\/ir-live/,
    );
    expect(fake.get('namespaces', undefined, 'kubectl-ir')).not.to.equal(undefined);
    for (const pod of fake.list('pods')) fake.remove(pod);
    const { io } = await cleanup(flags, memoryIo({ interactive: true, input: 'kubectl-ir\n' }));
    expect(io.out()).to.equal('namespace/kubectl-ir deleted\n');
    expect(fake.get('namespaces', undefined, 'kubectl-ir')).to.equal(undefined);
  });
});
