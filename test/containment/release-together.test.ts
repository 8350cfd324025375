import { expect } from 'chai';
import type { FoundRecord } from '../../src/containment/record.ts';
import { type ReleaseEnd, releaseTogether } from '../../src/containment/release-together.ts';
import { OperationError } from '../../src/output/errors.ts';
import { createProgress } from '../../src/output/progress.ts';
import { failureOf } from '../support/failure.ts';
import { collectorNamespace, ContainmentLab, holdingNode } from './containment-lab.ts';

describe('releaseTogether', () => {
  const uidOf = (number: number): string => `00000000-1111-4222-8333-00000000000${number}`;
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  /** The record of an isolated pod that is there, on a node that it cordoned. */
  function isolated(number: number): FoundRecord {
    const [name, uid] = [`web-${number}`, uidOf(number)];
    const labels = { 'kubectl-ir/pod-uid': uid };
    lab.fake.put({ ...lab.pod, metadata: { name, namespace: 'default', uid, labels } } as never);
    const pod = { namespace: 'default', name, uid, node: 'node-a' };
    const created = '2026-11-22T04:15:00Z';
    return { record: { version: 1, pod, created, acts: [{ kind: 'cordon' }] }, ticks: new Map() };
  }
  async function release(
    records: readonly FoundRecord[],
    lend: () => Promise<never> | undefined = () => undefined,
    signal = new AbortController().signal,
  ): Promise<readonly ReleaseEnd[]> {
    const progress = createProgress(lab.io);
    const { collector } = holdingNode();
    const { ends } = await releaseTogether(lab.api, lab.io, records, {
      ...{
        collectorNamespace,
        giveBack: false,
        driftOf: () => [],
        progress,
        progressOf: () => progress,
        signal,
      },
      onNode: (_, use) => lend() ?? use(collector),
    });
    return ends;
  }

  it('takes one collector for a node, and uncordons it with the last pod', async () => {
    const node = lab.fake.get('nodes', undefined, 'node-a');
    const annotations = { 'kubectl-ir/cordoned-for': uidOf(1) };
    lab.fake.put({
      ...node,
      metadata: { ...node?.metadata, annotations },
      spec: { unschedulable: true },
    } as never);
    let started = 0;
    const ends = await release([1, 2, 3].map(isolated), () => {
      started += 1;
      return undefined;
    });
    expect(ends.map((end) => 'done' in end && end.done.complete)).to.deep.equal([true, true, true]);
    expect(started).to.equal(1);
    expect(lab.fake.get('nodes', undefined, 'node-a'))
      .to.have.property('spec')
      .that.deep.equals({});
  });

  it('goes on with the others when one fails', async () => {
    const [first, second] = [isolated(1), isolated(2)];
    const cut = {
      ...first,
      record: { ...first.record, acts: [{ kind: 'cut', level: 'nft full' }] },
    } as const;
    const ends = await release([cut, second], () => Promise.reject(new OperationError('no room')));
    const byName = new Map(
      ends.map((end) => [end.found.record.pod.name, 'done' in end && end.done.complete]),
    );
    expect([...byName]).to.have.deep.members([
      ['web-1', false],
      ['web-2', true],
    ]);
  });

  it('says what was released when it is interrupted', async () => {
    const stopped = new AbortController();
    stopped.abort();
    const error = await failureOf(release([isolated(1)], undefined, stopped.signal));
    expect(error.message).to.match(
      /^release of 1 pod was interrupted: release of pod "web-1" was interrupted/,
    );
  });
});
