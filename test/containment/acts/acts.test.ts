import { expect } from 'chai';
import { recordAct, undoAct, undoneAnyway, undoOrder } from '../../../src/containment/acts/acts.ts';
import { buildPlan } from '../../../src/containment/plan.ts';
import { parseAct } from '../../../src/containment/record-fields.ts';
import { ContainmentLab, holdingNode } from '../containment-lab.ts';
import { shopProspect, shopSubject } from '../subjects.ts';
import { undoing } from './acts-lab.ts';

describe('acts', () => {
  it('are all recorded, read back as they were, and in the order of undoing', () => {
    const subject = shopSubject();
    const records = buildPlan(shopProspect()).actions.map((action) => recordAct(action, subject));
    expect(records.map(parseAct)).to.deep.equal(records);
    expect(records.map((record) => record.kind)).to.have.members([...undoOrder]);
  });

  it('are undone without a record where the uid is enough, and left alone where it is not', async () => {
    const lab = await ContainmentLab.start();
    const at = undoing(lab, holdingNode().collector);
    for (const kind of undoneAnyway) expect(await undoAct(kind, undefined, at)).to.match(/\S/);
    expect(await undoAct('detach', undefined, at)).to.equal('the pod was not detached');
    await lab.close();
  });
});
