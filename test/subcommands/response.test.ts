import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Collector } from '../../src/collector/collector.ts';
import type { Script } from '../../src/collector/script.ts';
import { planIsolation } from '../../src/containment/look.ts';
import { openCase } from '../../src/evidence/case.ts';
import { OperationError, PartialError } from '../../src/output/errors.ts';
import { DiffSpool } from '../../src/filesystem/change-log.ts';
import { sleepFor } from '../../src/output/io.ts';
import { createProgress } from '../../src/output/progress.ts';
import { type NodeRun, respondTo } from '../../src/subcommands/response.ts';
import { aNode, aPod } from '../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';
import { type MemoryIo, memoryIo } from '../support/memory-io.ts';

describe('respondTo', () => {
  let fake: FakeApi;
  let dir: string;
  let io: MemoryIo;
  let calls: string[];

  beforeEach(async () => {
    fake = await startFakeApi();
    fake.put(aNode('node-a'));
    fake.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kubectl-ir' } });
    dir = await mkdtemp(join(tmpdir(), 'response-'));
    io = memoryIo({ sleep: sleepFor });
    calls = [];
  });
  afterEach(async () => {
    await fake.close();
    await rm(dir, { recursive: true, force: true });
  });

  const run = async (collector: Collector, signal = new AbortController().signal): Promise<NodeRun> => {
    const api = await fake.connect();
    const pod = fake.put(aPod('web'));
    return {
      api,
      context: { io, global: {}, signal },
      pod,
      plan: await planIsolation(api, pod, {
        now: new Date(0),
        signal: new AbortController().signal,
      }),
      opened: await openCase(io, { dir: join(dir, 'case'), target: 'web' }),
      collector,
      collectorNamespace: 'kubectl-ir',
      where: '',
      progress: createProgress(io),
      spool: new DiffSpool(),
      started: io.monotonic(),
      evenIf: undefined,
      isolated: () => calls.push('isolated'),
    };
  };
  /** A collector on a node that went away: nothing comes from it. */
  const deaf = (): Collector =>
    ({
      identity: { node: 'node-a', pod: 'ir-1', namespace: 'kubectl-ir' },
      tools: new Set(['nft']),
      collect: (script: string) => {
        calls.push(script);
        return Promise.reject(new PartialError('the stream broke'));
      },
      call: (script: string | Script) => {
        calls.push(typeof script === 'string' ? script : script.name);
        return Promise.reject(new OperationError('the node went away'));
      },
    }) as unknown as Collector;

  it('tries every stage although the ones before failed, isolates by the API, and names each failure', async () => {
    const job = await run(deaf());
    const response = await respondTo(job);
    await job.opened.close();
    expect(response).to.not.have.any.keys('diff');
    expect(response.isolation?.verification.verdict).to.equal('UNVERIFIED');
    expect(new Set(response.failures.map((text) => text.replace(/:.*/s, '')))).to.deep.equal(
      new Set(['volatile', 'isolate', 'diff', 'node']),
    );
    expect(calls.indexOf('pod-link')).to.be.greaterThan(calls.indexOf('processes'));
    // What is lost first was not had, and is tried again behind the isolation.
    expect(calls.lastIndexOf('processes')).to.be.greaterThan(calls.indexOf('pod-link'));
    expect(response.pod?.incomplete).to.deep.equal([]);
    expect(io.err())
      .to.match(/^ {3}part {3}volatile/m)
      .and.to.match(/^ {3}part {3}isolate .*UNVERIFIED$/m);
  });

  it('stops at an interrupt', async () => {
    const interrupt = new AbortController();
    interrupt.abort(new Error('interrupted'));
    const job = await run(deaf(), interrupt.signal);
    const failure = await failureOf(respondTo(job));
    await job.opened.close();
    expect(failure.message).to.equal('interrupted');
    expect(calls).to.deep.equal([]);
  });
});
