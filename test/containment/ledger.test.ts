import { expect } from 'chai';
import {
  continueRecord,
  listRecords,
  type OwnRecord,
  readRecord,
  removeRecord,
  tick,
  unfinishedRecord,
} from '../../src/containment/ledger.ts';
import type { ConfigMap } from '../../src/cluster/objects.ts';
import { OperationError } from '../../src/output/errors.ts';
import { aConfigMap } from '../fake-api/builders.ts';
import { collectorNamespace, ContainmentLab, holdingNode } from './containment-lab.ts';

describe('the ledger', () => {
  const { signal } = new AbortController();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
    await lab.isolate(holdingNode().collector);
  });
  afterEach(() => lab.close());

  const own = (): OwnRecord => {
    const { data } = lab.record() as ConfigMap;
    return { namespace: collectorNamespace, uid: lab.uid, run: data?.['run'] ?? '' };
  };

  it('ticks acts off beside the record, and removes both', async () => {
    await tick(lab.api, own(), 'deny', 'done now', signal);
    const found = await readRecord(lab.api, collectorNamespace, lab.uid, signal);
    expect([...(found?.ticks.keys() ?? [])]).to.deep.equal(['cut', 'inside', 'deny', 'detach', 'guard']);
    expect(found?.ticks.get('deny')).to.equal('done now');
    await removeRecord(lab.api, collectorNamespace, lab.uid, signal);
    expect(await readRecord(lab.api, collectorNamespace, lab.uid, signal)).to.equal(undefined);
  });

  it('lists damaged records as what is wrong with them', async () => {
    const bad = aConfigMap('ir-damaged', { 'record.json': '{' });
    lab.fake.put({
      ...bad,
      metadata: { name: 'ir-damaged', namespace: collectorNamespace, labels: { 'kubectl-ir/pod-uid': 'x' } },
    });
    const records = await listRecords(lab.api, collectorNamespace, signal);
    expect(records.filter((one) => one instanceof OperationError)).to.have.length(1);
    expect(records).to.have.length(2);
  });

  it('gives the record of an isolation that was not finished', async () => {
    const pod = { namespace: 'default', name: 'shop-1-x', uid: lab.uid };
    await tick(lab.api, own(), 'deny', 'failed now', signal);
    const found = await unfinishedRecord(lab.api, pod, collectorNamespace, signal);
    expect(found?.ticks.get('deny')).to.equal('failed now');
    if (found !== undefined) {
      await continueRecord(lab.api, { ...found.record, acts: [] }, { ticks: new Map() }, own(), signal);
    }
    expect((await readRecord(lab.api, collectorNamespace, lab.uid, signal))?.record.acts).to.deep.equal([]);
    const none = { ...pod, uid: '00000000-0000-4000-8000-000000000009' };
    expect(await unfinishedRecord(lab.api, none, collectorNamespace, signal)).to.equal(undefined);
  });

  it('refuses a pod whose isolation was finished, with the way out', async () => {
    const pod = { namespace: 'default', name: 'shop-1-x', uid: lab.uid };
    const where = ' --context=prod';
    const error = await unfinishedRecord(lab.api, pod, collectorNamespace, signal, where).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.have.property(
      'advice',
      'whether it holds: kubectl ir status; to collect from it as it is: kubectl ir snapshot pod shop-1-x -n default --context=prod\n' +
        'only to isolate it anew, which opens it until then: kubectl ir release shop-1-x -n default --context=prod',
    );
  });
});
