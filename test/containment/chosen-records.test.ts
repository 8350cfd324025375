import { expect } from 'chai';
import {
  type ChosenRecords,
  recordsOfCase,
  recordsOfNode,
  recordsOfSelector,
} from '../../src/containment/chosen-records.ts';
import { parseSelector } from '../../src/containment/selector-text.ts';
import { collectorNamespace, ContainmentLab, holdingNode } from './containment-lab.ts';

describe('records of several pods', () => {
  const where = { namespace: 'default', collectorNamespace, signal: new AbortController().signal };
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
    await lab.isolate(holdingNode().collector);
  });
  afterEach(() => lab.close());

  const uids = ({ found }: ChosenRecords): string[] => found.map(({ record }) => record.pod.uid);

  it('are found by labels that were set aside, and by those that stayed', async () => {
    const chosen = async (text: string, namespace = 'default'): Promise<string[]> =>
      uids(await recordsOfSelector(lab.api, parseSelector(text), { ...where, namespace }));
    expect(lab.livePod().metadata.labels).not.to.have.property('app');
    for (const text of ['app=shop', 'tier=web', 'app=shop,tier']) {
      expect(await chosen(text), text).to.deep.equal([lab.uid]);
    }
    expect(await chosen('app=other')).to.deep.equal([]);
    expect(await chosen('app=shop', 'elsewhere')).to.deep.equal([]);
    lab.fake.remove(lab.livePod());
    expect(await chosen('app=shop')).to.deep.equal([lab.uid]);
  });

  it('are found by node, and a damaged one is told', async () => {
    expect(uids(await recordsOfNode(lab.api, 'node-a', where))).to.deep.equal([lab.uid]);
    expect(uids(await recordsOfNode(lab.api, 'node-b', where))).to.deep.equal([]);
    const record = lab.record();
    if (record !== undefined) lab.fake.put({ ...record, data: {} } as never);
    const damaged = await recordsOfNode(lab.api, 'node-a', where);
    expect(damaged.found).to.deep.equal([]);
    expect(damaged.unusable[0]).to.match(/^the record configmap\/ir-.* cannot be used/);
  });

  it('of a case are those that are still there', async () => {
    const released = '00000000-0000-4000-8000-000000000009';
    const known = [{ uid: released }, { uid: lab.uid }];
    const read = await recordsOfCase(lab.api, known, where);
    expect(uids(read)).to.deep.equal([lab.uid]);
    expect(read.unusable).to.have.length(1);
  });
});
