import type { Api } from '../../src/cluster/api.ts';
import type { KubeObject, Pod } from '../../src/cluster/objects.ts';
import type { Collector } from '../../src/collector/collector.ts';
import { chooseRecord } from '../../src/containment/chosen-record.ts';
import type { IsolateOptions } from '../../src/containment/begin.ts';
import { isolate } from '../../src/containment/isolate.ts';
import type { Isolation } from '../../src/containment/isolation.ts';
import { planIsolation } from '../../src/containment/look.ts';
import type { Wishes } from '../../src/containment/plan.ts';
import type { FoundRecord } from '../../src/containment/record.ts';
import { type Release, release } from '../../src/containment/release.ts';
import type { Act } from '../../src/evidence/custody-line.ts';
import type { Io } from '../../src/output/io.ts';
import { createProgress } from '../../src/output/progress.ts';
import { aNode } from '../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import { memoryIo } from '../support/memory-io.ts';
import { type Call, fakeNode, flowsOutput, ordinaryLink } from './fake-node.ts';
import { shopPod, shopSet } from './subjects.ts';

export const collectorNamespace = 'kubectl-ir';

/** A node on which the cut works: a flow out, one in and a new connection before, nothing after. */
export function holdingNode(
  tools: readonly string[] = ['nft'],
  onCall: (call: Call) => void = () => undefined,
): ReturnType<typeof fakeNode> {
  let readings = 0;
  return fakeNode(tools, (call) => {
    onCall(call);
    if (call.script === 'pod-link') return { stdout: ordinaryLink };
    if (call.script !== 'flows') return undefined;
    readings += 1;
    return { stdout: readings === 1 ? flowsOutput(9, 9, [0]) : flowsOutput(3, 0, []) };
  });
}

/** What one isolation has that others have not. */
interface More
  extends Partial<Pick<IsolateOptions, 'pods' | 'reached' | 'started' | 'watch'>>, Pick<Wishes, 'skip'> {
  readonly unfinished?: FoundRecord | undefined;
  readonly sleep?: Io['sleep'];
  /** Another pod than the shop's. */
  readonly pod?: Pod;
}

/** An API server in memory with the shop's pod and its ReplicaSet, and what can be done to them. */
export class ContainmentLab {
  readonly fake: FakeApi;
  readonly api: Api;
  readonly pod: Pod;
  readonly uid: string;
  /** Acts that went to the custody chain. */
  readonly acts: Act[] = [];
  readonly io = memoryIo();

  private constructor(fake: FakeApi, api: Api, pod: Pod) {
    this.fake = fake;
    this.api = api;
    this.pod = pod;
    this.uid = pod.metadata?.uid ?? '';
  }

  static async start(): Promise<ContainmentLab> {
    const fake = await startFakeApi();
    fake.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: collectorNamespace } });
    fake.put(aNode('node-a'));
    fake.put(shopSet());
    return new ContainmentLab(fake, await fake.connect(), fake.put(shopPod()));
  }

  async close(): Promise<void> {
    await this.api.close();
    await this.fake.close();
  }

  async isolate(
    collector: Collector,
    signal = new AbortController().signal,
    { unfinished, sleep, skip = [], pod = this.pod, ...more }: More = {},
  ): Promise<Isolation> {
    const plan = await planIsolation(this.api, unfinished === undefined ? pod : this.livePod(), {
      ...(unfinished === undefined ? {} : { unfinished }),
      skip,
      now: this.io.now(),
      signal,
    });
    return isolate(this.api, { ...this.io, ...(sleep === undefined ? {} : { sleep }) }, plan, collector, {
      ...this.#common(signal),
      started: this.io.monotonic(),
      ...more,
    });
  }

  /** Releases the pod; it is given back to its owner unless told otherwise. */
  async release(
    collector: Collector,
    signal = new AbortController().signal,
    giveBack = true,
    name = 'shop-1-x',
  ): Promise<Release> {
    const where = { namespace: 'default', collectorNamespace, signal };
    const found = await chooseRecord(this.api, name, where);
    return release(this.api, this.io, found, {
      ...this.#common(signal),
      giveBack,
      onNode: (_node, use) => use(collector),
    });
  }

  livePod(): KubeObject {
    const live = this.fake.get('pods', 'default', 'shop-1-x');
    if (live === undefined) throw new Error('the pod is gone');
    return live;
  }

  record(): KubeObject | undefined {
    return this.fake.get('configmaps', collectorNamespace, `ir-${this.uid}`);
  }

  #common(
    signal: AbortSignal,
  ): Pick<Parameters<typeof isolate>[4], 'custody' | 'progress' | 'signal' | 'collectorNamespace'> {
    return {
      collectorNamespace,
      custody: (act) => {
        this.acts.push(act);
        return Promise.resolve();
      },
      progress: createProgress(this.io),
      signal,
    };
  }
}
