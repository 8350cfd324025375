import { expect } from 'chai';
import type { Node } from '../../../src/cluster/objects.ts';
import {
  performCordon,
  planCordon,
  undoCordon,
  validateCordon,
} from '../../../src/containment/acts/cordon.ts';
import { aPod } from '../../fake-api/builders.ts';
import { ContainmentLab, holdingNode } from '../containment-lab.ts';
import { shopSubject } from '../subjects.ts';
import { performing, undoing } from './acts-lab.ts';

describe('cordon', () => {
  const { collector } = holdingNode();
  const action = { kind: 'cordon', summary: 'no new pods on node node-a' } as const;
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());
  const cordoned = (): boolean | undefined =>
    (lab.fake.get('nodes', undefined, 'node-a') as unknown as Node).spec?.unschedulable;

  it('is planned for a node that is not cordoned yet', () => {
    expect(planCordon(shopSubject())).to.deep.equal(action);
    expect(planCordon({ ...shopSubject(), cordoned: true })).to.equal(undefined);
  });

  it('is validated, done and undone', async () => {
    expect(await validateCordon(action, performing(lab, collector))).to.deep.equal([
      'node/node-a cordoned (server dry run)',
    ]);
    expect(cordoned()).to.equal(undefined);
    await performCordon(action, performing(lab, collector));
    expect(cordoned()).to.equal(true);
    expect(await undoCordon(undoing(lab, collector))).to.equal('node node-a uncordoned');
    expect(cordoned()).to.equal(undefined);
    expect(await undoCordon(undoing(lab, collector))).to.equal('node node-a is not cordoned any more');
  });

  it('is left to whoever did it, before ours or when ours was never done', async () => {
    const node = lab.fake.get('nodes', undefined, 'node-a');
    lab.fake.put({ ...node, spec: { unschedulable: true } } as never);
    expect((await performCordon(action, performing(lab, collector))).detail).to.match(/by somebody else/);
    expect(await undoCordon(undoing(lab, collector))).to.match(/stays cordoned: somebody else did that/);
    expect(cordoned()).to.equal(true);
  });

  it('is undone with the last of several pods, whichever was the first', async () => {
    const at = performing(lab, collector);
    await performCordon(action, {
      ...at,
      subject: { ...at.subject, uid: '00000000-1111-4222-8333-444455556666' },
    });
    expect((await performCordon(action, at)).detail).to.equal(action.summary);
    expect(await undoCordon(undoing(lab, collector))).to.equal('node node-a uncordoned');
    expect(cordoned()).to.equal(undefined);
  });

  it('stays as long as another isolated pod is on the node', async () => {
    await performCordon(action, performing(lab, collector));
    const other = '00000000-1111-4222-8333-444455556666';
    const labels = { 'kubectl-ir/pod-uid': other };
    lab.fake.put({ ...aPod('other'), metadata: { name: 'other', namespace: 'dev', uid: other, labels } });
    expect(await undoCordon(undoing(lab, collector))).to.match(
      /^node node-a stays cordoned, because pod\/other/,
    );
    expect(cordoned()).to.equal(true);
  });
});
