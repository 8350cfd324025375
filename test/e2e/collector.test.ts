import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Api } from '../../src/cluster/api.ts';
import { connect } from '../../src/cluster/connect.ts';
import type { Collector } from '../../src/collector/collector.ts';
import { withCollector } from '../../src/collector/lifecycle.ts';
import { findCollectors } from '../../src/collector/sweep.ts';
import { OperationError } from '../../src/output/errors.ts';
import type { Io } from '../../src/output/io.ts';
import { processIo } from '../../src/output/io.ts';
import { MemorySink } from '../collector/local-node.ts';
import { image, imageOf, nodeShell } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { createNamespace, removeNamespaces } from './support/workload.ts';
import { kubectl, nodeNames, onNode } from './support/world.ts';

const namespace = 'e2e-collector';
const nodes = await nodeNames();
const [first = ''] = nodes;
const killedNamespace = `${namespace}-killed`;
const { signal } = new AbortController();

/** The expected failure that a promise is rejected with. */
async function refusal(promise: Promise<unknown>): Promise<OperationError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (error instanceof OperationError) return error;
  throw new Error('expected an OperationError', { cause: error });
}

describe('collector on a real cluster', function () {
  requires(this, image('collector'));
  this.timeout(60_000);
  const io: Io = processIo();
  let api: Api;
  /** Runs beside the other tests, as it takes nearly 120 s of waiting. */
  let killed: Promise<PromiseSettledResult<void>[]>;
  /** How long its script went on, in milliseconds; none where the nodes have no shell to see it. */
  const scripts: number[] = [];
  before(async () => {
    api = await connect(io, {});
    killed = Promise.allSettled(nodes.map(killedResponder));
  });
  after(async () => {
    await api.close();
    const unfit = ['strict', 'full', 'ending'].map((word) => `${namespace}-${word}`);
    await removeNamespaces(namespace, killedNamespace, ...unfit);
  });

  const start = <T>(
    node: string,
    use: (collector: Collector) => Promise<T>,
    changes: { namespace?: string; image?: string; signal?: AbortSignal } = {},
  ): Promise<T> =>
    withCollector(api, io, { node, namespace, image: imageOf('collector'), signal, ...changes }, use);
  const standing = () => findCollectors(api, namespace, signal);
  const call = async (collector: Collector, text: string): Promise<string> =>
    (await collector.call({ name: 'test', text }, [], { signal })).stdout.toString();

  for (const node of nodes) {
    describe(node, () => {
      it('starts, reads the node and nothing but reads it, and is gone afterwards', async () => {
        const began = performance.now();
        await start(node, async (collector) => {
          expect(performance.now() - began).to.be.below(10_000);
          const identity = (await collector.identified?.()) ?? collector.identity;
          expect(identity).to.deep.include({ node, namespace, writableMounts: 0, changedByServer: [] });
          expect(identity.uid).to.match(/^[0-9a-f-]{36}$/);
          expect(identity.imageID).to.match(/sha256:[0-9a-f]{64}/);
          expect(identity.recursiveReadOnly).to.equal(await mountsRecursivelyReadOnly(node));
          expect(await call(collector, 'cat "$HOST/proc/sys/kernel/hostname"')).to.match(/\S/);
          expect(await call(collector, tryToWrite)).to.equal('');
        });
        expect(await standing()).to.deep.equal([]);
      });

      it('sends a large file whole and says so', async function () {
        requires(this, nodeShell());
        const path = '/root/e2e-collector-large';
        const made = await onNode(node, `head -c 40000000 /dev/urandom >${path}; sha256sum <${path}`);
        const sink = new MemorySink();
        const script = { name: 'test', text: 'frame_file test "$HOST$1" large' };
        await start(node, (collector) => collector.collect(script, [path], sink, signal));
        await onNode(node, `rm ${path}`);
        const { data, end } = sink.named('large');
        expect(end).to.deep.equal({ outcome: 'ok', length: 40_000_000 });
        expect(createHash('sha256').update(data).digest('hex')).to.equal(made.stdout.slice(0, 64));
      });

      it('is removed after a failure and after an abort in the middle of a stream', async () => {
        const failed = await refusal(start(node, () => Promise.reject(new OperationError('no luck'))));
        expect(failed.message).to.equal('no luck');
        const stopped = new AbortController();
        const sink = new MemorySink();
        const aborted = await refusal(
          start(
            node,
            (collector) => {
              setTimeout(() => stopped.abort(new OperationError('stopped by the test')), 500);
              const text = 'frame_output test endless -- sleep 600';
              return collector.collect({ name: 'test', text }, [], sink, stopped.signal);
            },
            { signal: stopped.signal },
          ),
        );
        expect(aborted.message).to.equal('stopped by the test');
        expect(await standing()).to.deep.equal([]);
      });

      it('names an image that cannot be had, soon', async () => {
        const image = 'nowhere.invalid/busybox:1';
        const error = await refusal(start(node, () => Promise.resolve(), { image }));
        expect(error.message).to.match(
          new RegExp(
            `^node ${node} cannot get the collector image ${image}: (ErrImagePull|ImagePullBackOff)`,
          ),
        );
        expect(error.advice).to.contain('--collector-image');
        expect(await standing()).to.deep.equal([]);
      });
    });
  }

  it('does not start on a node that is not there, not ready, or not Linux', async () => {
    const none = await refusal(start('no-such-node', () => Promise.resolve()));
    expect(none.message).to.match(/nodes "no-such-node" not found/);
    const ghost = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'e2e-ghost' } };
    await kubectl(['apply', '-f', '-'], JSON.stringify(ghost));
    try {
      const silent = await refusal(start('e2e-ghost', () => Promise.resolve()));
      expect(silent.message).to.match(/^node e2e-ghost is not ready/);
      await kubectl(['label', 'node', 'e2e-ghost', 'kubernetes.io/os=windows']);
      const other = await refusal(start('e2e-ghost', () => Promise.resolve()));
      expect(other.message).to.equal('node e2e-ghost runs windows; only Linux nodes can be read');
    } finally {
      await kubectl(['delete', 'node', 'e2e-ghost']);
    }
  });

  it('says which right is missing', async () => {
    const jane = await connect(io, { as: 'jane' });
    const options = { node: first, namespace, image: imageOf('collector'), signal };
    const error = await refusal(withCollector(jane, io, options, () => Promise.resolve()));
    await jane.close();
    expect(error.message).to.match(
      /User "jane" cannot create resource "pods" .* in the namespace "e2e-collector"/,
    );
    expect(error.advice).to.contain('preflight');
  });

  it('says what an unfit namespace lacks', async () => {
    const make = async (name: string, ...objects: object[]): Promise<void> => {
      await createNamespace(name);
      for (const object of objects) await kubectl(['create', '-f', '-'], JSON.stringify(object));
    };
    const fails = async (name: string): Promise<OperationError> =>
      await refusal(start(first, () => Promise.resolve(), { namespace: name }));

    await make(`${namespace}-strict`);
    await kubectl(['label', 'ns', `${namespace}-strict`, 'pod-security.kubernetes.io/enforce=restricted']);
    const strict = await fails(`${namespace}-strict`);
    expect(strict.message).to.contain('violates PodSecurity "restricted');
    expect(strict.advice).to.contain(`kubectl label namespace ${namespace}-strict`);

    const metadata = { name: 'none', namespace: `${namespace}-full` };
    await make(`${namespace}-full`, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata,
      spec: { hard: { pods: '0' } },
    });
    const full = await fails(`${namespace}-full`);
    expect(full.message).to.contain('exceeded quota');
    expect(full.advice).to.contain('--collector-namespace');

    const held = { name: 'held', namespace: `${namespace}-ending`, finalizers: ['e2e.test/held'] };
    await make(`${namespace}-ending`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: held });
    await kubectl(['delete', 'ns', `${namespace}-ending`, '--wait=false']);
    const ending = await fails(`${namespace}-ending`);
    await kubectl([
      'patch',
      'cm',
      'held',
      '-n',
      `${namespace}-ending`,
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    ]);
    expect(ending.message).to.equal(
      `namespace "${namespace}-ending" is being deleted, so no collector can start in it`,
    );
    expect(ending.advice).to.contain('--collector-namespace');
  });

  describe('whose responder was killed in the middle of a stream', () => {
    it('ends its script at once', async function () {
      this.timeout(180_000);
      requires(this, nodeShell());
      await killed;
      expect(scripts).to.have.length(nodes.length);
    });

    it('ends itself, and the next command removes it', async function () {
      this.timeout(180_000);
      for (const outcome of await killed) if (outcome.status === 'rejected') throw outcome.reason;
      await start(first, () => Promise.resolve(), { namespace: killedNamespace });
      expect(await findCollectors(api, killedNamespace, signal)).to.deep.equal([]);
    });
  });

  async function untilScriptEnds(node: string): Promise<number> {
    const since = performance.now();
    while ((await onNode(node, 'ps -e -o args | grep -c "^yes held-by-a-tes[t]"')).stdout.trim() !== '0') {
      expect(performance.now() - since, 'the script goes on without its responder').to.be.below(20_000);
      await io.sleep(500);
    }
    return performance.now() - since;
  }

  async function killedResponder(node: string): Promise<void> {
    const script = join(import.meta.dirname, 'support/hold-collector.ts');
    const child = spawn(process.execPath, [script, node, killedNamespace, imageOf('collector')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('close', () => reject(new Error('the responder ended by itself')));
    });
    child.removeAllListeners('close');
    child.kill('SIGKILL');
    const since = performance.now();
    if (nodeShell().met) scripts.push(await untilScriptEnds(node));
    const state = async () =>
      (await findCollectors(api, killedNamespace, signal)).find((one) => one.node === node)?.state;
    expect(await state()).to.equal('live');
    while ((await state()) === 'live') {
      expect(performance.now() - since, 'the collector goes on without a responder').to.be.below(120_000);
      await io.sleep(1_000);
    }
    expect(performance.now() - since, 'a pause of its responder would end it').to.be.above(80_000);
    expect(await state()).to.equal('dead');
  }
});

/** Whether the runtime of a node says that it can; containerd 1 does not know of it. */
async function mountsRecursivelyReadOnly(node: string): Promise<boolean> {
  const path = '{.status.runtimeHandlers[?(@.name=="")].features.recursiveReadOnlyMounts}';
  return (await kubectl(['get', 'node', node, '-o', `jsonpath=${path}`])) === 'true';
}

/** Prints every place below /host where a file could be made. */
const tryToWrite = `
awk '$5 ~ "^/host" { print $5 }' /proc/self/mountinfo | while read -r point; do
  [ -d "$point" ] || continue
  touch "$point/e2e-collector" 2>/dev/null && echo "$point"
done; true`;
