import { expect } from 'chai';
import { chooseRecord } from '../../src/containment/chosen-record.ts';
import { OperationError } from '../../src/output/errors.ts';
import { collectorNamespace, ContainmentLab, holdingNode } from './containment-lab.ts';

describe('chooseRecord', () => {
  const where = { namespace: 'default', collectorNamespace, signal: new AbortController().signal };
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
    await lab.isolate(holdingNode().collector);
  });
  afterEach(() => lab.close());

  it('finds it by name and by uid, also when the pod is gone', async () => {
    for (const gone of [false, true]) {
      if (gone) lab.fake.remove(lab.livePod());
      for (const word of ['shop-1-x', lab.uid])
        expect((await chooseRecord(lab.api, word, where)).record.pod.uid).to.equal(lab.uid);
    }
  });

  it('says that there is none', async () => {
    for (const word of ['other', '00000000-0000-4000-8000-000000000009'])
      expect(await chooseRecord(lab.api, word, where).catch((error: unknown) => error)).to.be.instanceOf(
        OperationError,
      );
    const elsewhere = { ...where, namespace: 'kube-system' };
    expect(await chooseRecord(lab.api, 'shop-1-x', elsewhere).catch((error: unknown) => error))
      .to.be.instanceOf(OperationError)
      .with.property(
        'message',
        'pod "shop-1-x" in namespace "kube-system" is not isolated: there is no record of it',
      );
  });

  describe('with the copy of a case', () => {
    const spare = (): unknown => lab.acts[0]?.details?.['record'];
    const choose = (copy: unknown): Promise<unknown> =>
      chooseRecord(lab.api, lab.uid, { ...where, spare: copy }).catch((error: unknown) => error);

    it('takes it for a record that is damaged, and not for one that is not', async () => {
      const record = lab.record();
      if (record === undefined) throw new Error('no record');
      expect(await choose(spare()))
        .to.have.property('ticks')
        .with.property('size')
        .above(0);
      lab.fake.put({ ...record, data: { 'record.json': '{' } });
      expect(await choose(spare())).to.have.nested.property('record.pod.uid', lab.uid);
      expect(await choose(undefined)).to.be.instanceOf(OperationError);
      expect(await choose({ version: 1, pod: { uid: 'x' } })).to.be.instanceOf(OperationError);
    });

    it('takes it for a record that is gone only as long as the pod is marked', async () => {
      const record = lab.record();
      if (record !== undefined) lab.fake.remove(record);
      expect(await choose(spare())).to.have.nested.property('record.pod.uid', lab.uid);
      const live = lab.livePod();
      lab.fake.put({ ...live, metadata: { ...live.metadata, labels: { app: 'shop' } } });
      expect(await choose(spare())).to.be.instanceOf(OperationError);
    });
  });
});
