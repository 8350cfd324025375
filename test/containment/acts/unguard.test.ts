import { expect } from 'chai';
import { performGuard, planGuard, recordGuard } from '../../../src/containment/acts/guard.ts';
import { undoGuard } from '../../../src/containment/acts/unguard.ts';
import { ContainmentLab, holdingNode } from '../containment-lab.ts';
import { shopPod, shopSubject } from '../subjects.ts';
import { performing, refusal, undoing } from './acts-lab.ts';

const safe = 'cluster-autoscaler.kubernetes.io/safe-to-evict';

describe('undoGuard', () => {
  const { collector } = holdingNode();
  const record = recordGuard(planGuard(shopSubject()));
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  const annotations = (): Readonly<Record<string, string>> => lab.livePod().metadata.annotations ?? {};
  function annotate(values: Readonly<Record<string, string>>): void {
    const { metadata, ...rest } = lab.livePod();
    lab.fake.put({ ...rest, metadata: { ...metadata, annotations: values } });
  }

  it('removes the objects and puts annotations back exactly', async () => {
    annotate({ [safe]: 'true', x: 'y' });
    const planned = planGuard(shopSubject(shopPod({ metadata: { annotations: { [safe]: 'true' } } })));
    await performGuard(planned, performing(lab, collector));
    expect(annotations()[safe]).to.equal('false');
    const done = await undoGuard(recordGuard(planned), undoing(lab, collector));
    expect(done).to.equal(
      'validatingadmissionpolicybindings, validatingadmissionpolicies, poddisruptionbudgets deleted; annotations as before',
    );
    expect(annotations()).to.deep.equal({ [safe]: 'true', x: 'y' });
    expect(await undoGuard(recordGuard(planned), undoing(lab, collector))).to.equal(
      'no guard object is there; annotations as before',
    );
  });

  it('keeps an annotation that somebody has set anew, and says so', async () => {
    await performGuard(planGuard(shopSubject()), performing(lab, collector));
    annotate({ ...annotations(), [safe]: 'maybe' });
    expect(await undoGuard(record, undoing(lab, collector))).to.match(
      /annotation .*safe-to-evict has a new value by now, which is kept$/,
    );
    expect(annotations()).to.deep.equal({ [safe]: 'maybe' });
  });

  it('fails on guards that it may not see only when the record says that they were placed', async () => {
    lab.fake.deny({ resource: 'validatingadmissionpolicybindings' });
    lab.fake.deny({ resource: 'validatingadmissionpolicies' });
    expect(await refusal(undoGuard(record, undoing(lab, collector)))).to.match(/cannot get/);
    expect(await undoGuard({ ...record, policy: false }, undoing(lab, collector))).to.match(
      /^no guard object/,
    );
  });

  it('has nothing to do on a pod that is gone but to remove the objects', async () => {
    await performGuard(planGuard(shopSubject()), performing(lab, collector));
    lab.fake.remove(lab.livePod());
    expect(await undoGuard(record, undoing(lab, collector))).to.match(/poddisruptionbudgets deleted$/);
  });
});
