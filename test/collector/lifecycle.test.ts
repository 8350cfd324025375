import { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { withCollector } from '../../src/collector/lifecycle.ts';
import { PartialError } from '../../src/output/errors.ts';
import { type Io, sleepFor } from '../../src/output/io.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { addNode, running } from './fake-kubelet.ts';
import { localNode, MemorySink } from './local-node.ts';
import type { LocalNode } from './local-node.ts';

describe('withCollector', function () {
  this.timeout(20_000);
  const { signal } = new AbortController();
  const options = { node: 'node-a', namespace: 'kubectl-ir', image: 'busybox:1', signal };
  let local: LocalNode;
  const cluster = fakeCluster((fake) => {
    local = localNode();
    addNode(fake, local);
  });
  afterEach(() => local.remove());

  it('lends a collector that runs scripts, and removes it', async () => {
    const sink = new MemorySink();
    const answer = await withCollector(cluster.api, memoryIo(), options, async (collector) => {
      const { identity } = collector;
      expect(identity).to.deep.include({
        node: 'node-a',
        pod: cluster.fake.list('pods')[0]?.metadata.name,
        recursiveReadOnly: true,
        writableMounts: 0,
      });
      const { stdout } = await collector.call({ name: 'test', text: 'cat; echo "$1"' }, ['b'], {
        input: Buffer.from('a\n'),
        signal,
      });
      const text =
        'frame_file test /proc/version "[root]/proc/version"; frame_output test input -- cat "$IR_RUN/input"';
      const summary = await collector.collect({ name: 'test', text }, [], sink, signal, Buffer.from('given'));
      expect(summary.items).to.equal(2);
      return stdout.toString();
    });
    expect(answer).to.equal('a\nb\n');
    expect(sink.named('[root]/proc/version').data.toString()).to.match(/^Linux/);
    expect(sink.named('input').data.toString()).to.equal('given');
    expect(cluster.fake.list('pods')).to.deep.equal([]);
  });

  it('lends one that answers before its node tells that it runs, and knows the rest of it later', async () => {
    const { fake } = cluster;
    let tell: () => void = () => undefined;
    fake.afterCreate('pods', (pod) => {
      tell = () => fake.put(running(pod) as never);
      return pod;
    });
    const io = { ...memoryIo(), sleep: sleepFor };
    await withCollector(cluster.api, io, options, async (collector) => {
      expect(
        (await collector.call({ name: 'test', text: 'echo a' }, [], { signal })).stdout.toString(),
      ).to.equal('a\n');
      expect(collector.identity).to.deep.include({
        node: 'node-a',
        recursiveReadOnly: false,
        containerID: '',
      });
      tell();
      const known = await collector.identified?.();
      expect(known).to.deep.include({ recursiveReadOnly: true, writableMounts: 0 });
      expect(known?.containerID).not.to.equal('');
    });
    expect(fake.list('pods')).to.deep.equal([]);
  });

  it('does not wait for ever for a node that never tells', async () => {
    cluster.fake.afterCreate('pods', (pod) => pod);
    const sleep: Io['sleep'] = (ms, stop) => sleepFor(Math.min(ms, 20), stop);
    await withCollector(cluster.api, { ...memoryIo(), sleep }, options, async (collector) => {
      expect(await collector.identified?.()).to.deep.include({ node: 'node-a', containerID: '' });
    });
    expect(cluster.fake.list('pods')).to.deep.equal([]);
  });

  it('does not wait for a node that had its time to tell while something else was done', async () => {
    cluster.fake.afterCreate('pods', (pod) => pod);
    const io = memoryIo();
    const waits: number[] = [];
    const sleep: Io['sleep'] = (ms, stop) => {
      waits.push(ms);
      return sleepFor(Math.min(ms, 20), stop);
    };
    await withCollector(cluster.api, { ...io, sleep }, options, async (collector) => {
      const waited: (number | undefined)[] = [];
      for (let asked = 0; asked < 2; asked += 1) {
        await io.sleep(4_000);
        const before = waits.length;
        await collector.identified?.();
        waited.push(waits[before]);
      }
      expect(waited).to.deep.equal([1_000, 0]);
    });
  });

  it('removes it after a failure, and lets that through', async () => {
    const error = await failureOf(
      withCollector(cluster.api, memoryIo(), options, () => Promise.reject(new Error('no luck'))),
    );
    expect(error.message).to.equal('no luck');
    expect(cluster.fake.list('pods')).to.deep.equal([]);
  });

  it('says what is left when only the removal failed, in the way that fits', async () => {
    cluster.fake.deny({ verb: 'delete', resource: 'pods' });
    const error = await failureOf(withCollector(cluster.api, memoryIo(), options, () => Promise.resolve()));
    expect(error).to.be.instanceOf(PartialError);
    const io = memoryIo();
    const other = await failureOf(
      withCollector(cluster.api, io, options, () => Promise.reject(new Error('no luck'))),
    );
    expect(other.message).to.equal('no luck');
    expect(io.err()).to.match(/^warning: .*forbidden/);
  });

  it('lets a failure through when what is left can be told to nobody', async () => {
    cluster.fake.deny({ verb: 'delete', resource: 'pods' });
    const stderr = new Writable({ write: (_chunk, _encoding, next) => next(new Error('write EPIPE')) });
    stderr.on('error', () => undefined);
    const work = withCollector(cluster.api, memoryIo({ stderr }), options, () =>
      Promise.reject(new Error('no luck')),
    );
    expect((await failureOf(work)).message).to.equal('no luck');
  });

  it('shows the result while the pod goes away, and ends when it is gone', async () => {
    const order: string[] = [];
    await withCollector(
      cluster.api,
      memoryIo(),
      options,
      () => Promise.resolve('result'),
      async (result) => {
        order.push(result, `${cluster.fake.list('pods').length} pod`);
        while (cluster.fake.list('pods').length > 0) await setTimeout(5);
        order.push('gone');
      },
    );
    expect(order).to.deep.equal(['result', '1 pod', 'gone']);
  });

  it('says what is left when the result was shown, and when that failed too', async () => {
    cluster.fake.deny({ verb: 'delete', resource: 'pods' });
    let shown = '';
    const use = (): Promise<string> => Promise.resolve('result');
    const show = async (result: string): Promise<void> => {
      await setTimeout(50);
      shown = result;
    };
    const error = await failureOf(withCollector(cluster.api, memoryIo(), options, use, show));
    expect(error).to.be.instanceOf(PartialError);
    expect(shown).to.equal('result');
    const io = memoryIo();
    const other = await failureOf(
      withCollector(cluster.api, io, options, use, () => Promise.reject(new Error('nobody reads'))),
    );
    expect(other.message).to.equal('nobody reads');
    expect(io.err()).to.match(/^warning: .*forbidden/);
  });

  it('removes a pod in which no script runs', async () => {
    cluster.fake.onExec(async (exec) => {
      await exec.writeError('sh: not found');
      await exec.exit(127);
    });
    const error = await failureOf(withCollector(cluster.api, memoryIo(), options, () => Promise.resolve()));
    expect(error.message).to.contain('sh: not found');
    expect(cluster.fake.list('pods')).to.deep.equal([]);
  });

  it('can be stopped early, once', async () => {
    await withCollector(cluster.api, memoryIo(), options, async (collector) => {
      await collector.stop();
      expect(cluster.fake.list('pods')).to.deep.equal([]);
      await collector.stop();
    });
    expect(cluster.fake.requests.filter(({ method }) => method === 'DELETE').length).to.equal(1);
  });
});
