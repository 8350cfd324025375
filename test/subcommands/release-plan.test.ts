import { expect } from 'chai';
import { chooseRecord } from '../../src/containment/chosen-record.ts';
import { createProgress } from '../../src/output/progress.ts';
import { sayRelease } from '../../src/subcommands/release-plan.ts';
import { collectorNamespace, ContainmentLab, holdingNode } from '../containment/containment-lab.ts';

describe('sayRelease', () => {
  it('tells drift, and that the record is not the one of the case', async () => {
    const lab = await ContainmentLab.start();
    try {
      await lab.isolate(holdingNode().collector);
      const { signal } = new AbortController();
      const found = await chooseRecord(lab.api, lab.uid, {
        namespace: 'default',
        collectorNamespace,
        signal,
      });
      const known = { uid: lab.uid, recordSha256: 'ab' };
      const flags = { return: true } as never;
      const plan = { choice: { by: 'word', word: 'shop-1-x' }, dir: undefined, flags } as const;
      await sayRelease(found, ['a label is back'], known, plan, createProgress(lab.io));
      expect(lab.io.err())
        .to.match(/^Drift +a label is back$/m)
        .and.match(/^warning: the record in the cluster is not the one that the case tells of/m)
        .and.match(/^Plan .*labels app=shop.* back on the pod/m);
    } finally {
      await lab.close();
    }
  });
});
