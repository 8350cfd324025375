import { expect } from 'chai';
import {
  actionKinds,
  placedWith,
  recordAct,
  undoAct,
  undoneAnyway,
  undoOrder,
} from '../../../src/containment/acts/acts.ts';
import { identityCuts } from '../../../src/containment/identity.ts';
import { buildPlan } from '../../../src/containment/plan.ts';
import { parseAct } from '../../../src/containment/record-fields.ts';
import { ContainmentLab, holdingNode } from '../containment-lab.ts';
import { ownerUid, shopProspect, shopSubject } from '../subjects.ts';
import { nodeSide, undoing } from './acts-lab.ts';

describe('acts', () => {
  it('are all recorded, read back as they were, and in the order of undoing', () => {
    const subject = shopSubject();
    const object = {
      metadata: { uid: ownerUid, labels: { team: 'a' }, annotations: { any: 'text \u001b' } },
    };
    const own = [{ index: 1, subject: { kind: 'ServiceAccount', name: 'default', namespace: 'default' } }];
    const role = { kind: 'Role', name: 'maps' };
    const identity = {
      ...{ account: { namespace: 'default', name: 'default' }, object },
      grants: [{ namespace: 'default', name: 'maps:of a', uid: ownerUid, role, own }],
      ...{ may: [], tokens: [], secrets: [], gaps: [] },
    };
    const plans = identityCuts.map((cutIdentity) =>
      buildPlan({ ...shopProspect(), identity }, { cordon: true, freeze: true, cutIdentity }),
    );
    const planned = actionKinds.flatMap(
      (kind) => plans.flatMap(({ actions }) => actions).find((action) => action.kind === kind) ?? [],
    );
    const placed = planned.map((action) => placedWith(action, nodeSide(holdingNode().collector)));
    for (const actions of [planned, placed]) {
      const records = actions.map((action) => recordAct(action, subject));
      expect(records.map(parseAct)).to.deep.equal(records);
      expect(records.map((record) => record.kind)).to.have.members([...undoOrder]);
    }
    expect(planned.map((action) => action.kind)).to.deep.equal([...actionKinds]);
  });

  it('are recorded as they are placed: with nft, or without', () => {
    const subject = shopSubject();
    for (const [tools, level] of [
      [['nft'], 'nft full'],
      [[], 'busybox bridge'],
    ] as const) {
      const node = nodeSide(holdingNode(tools).collector);
      const records = buildPlan(shopProspect()).actions.map((action) =>
        recordAct(placedWith(action, node), subject),
      );
      expect(records.slice(1, 3)).to.deep.equal([
        { kind: 'cut', level },
        { kind: 'inside', nft: tools.length > 0 },
      ]);
    }
  });

  it('are undone without a record where the uid is enough, and left alone where it is not', async () => {
    const lab = await ContainmentLab.start();
    const at = undoing(lab, holdingNode().collector);
    for (const kind of undoneAnyway) expect(await undoAct(kind, undefined, at)).to.match(/\S/);
    expect(await undoAct('detach', undefined, at)).to.equal('the pod was not detached');
    await lab.close();
  });
});
