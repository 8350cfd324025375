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
});
