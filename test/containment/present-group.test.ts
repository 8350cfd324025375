import { expect } from 'chai';
import { buildPlan, type IsolationPlan } from '../../src/containment/plan.ts';
import { groupFacts, groupTable } from '../../src/containment/present-group.ts';
import { ContainmentLab, holdingNode } from './containment-lab.ts';
import { shopProspect } from './subjects.ts';

describe('what is said of several pods', () => {
  const named = (name: string, service: string): IsolationPlan => {
    const plan = buildPlan(shopProspect());
    return { ...plan, service, subject: { ...plan.subject, name } };
  };

  it('is said once where it is true of all, with the pods where it is not', () => {
    const plans = [named('a', 'one drops it'), named('b', 'one drops it'), named('c', 'two drops it')];
    const left = [{ namespace: 'default', name: 'd', why: 'it is on the host' }];
    const lines = groupFacts({ plans, left }).map(({ label, text }) => `${label.padEnd(8)}${text}`);
    expect(lines[0]).to.equal('Pods    3 pods on 1 node');
    expect(lines.filter((line) => line.startsWith('Pod '))).to.have.length(3);
    expect(lines.filter((line) => line.startsWith('Plan '))).to.have.length(3);
    expect(lines.filter((line) => line.startsWith('Network '))).to.have.length(1);
    expect(lines).to.include('Service one drops it (default/a, default/b)');
    expect(lines).to.include('        two drops it (default/c)');
    expect(lines.at(-1)).to.equal('Left    default/d is not cut: it is on the host');
  });

  it('has a verdict for each, and why where it does not hold', async () => {
    const lab = await ContainmentLab.start();
    try {
      const isolation = await lab.isolate(holdingNode().collector);
      const verification = {
        ...isolation.verification,
        verdict: 'UNVERIFIED',
        reasons: ['no flow'],
      } as const;
      const plan = named('a', '');
      const table = groupTable(
        [
          { plan, isolation },
          { plan: named('b', ''), isolation: { ...isolation, verification } },
          { plan: named('c\u001b', ''), failure: 'no such pod' },
        ],
        [{ namespace: 'default', name: 'd', why: 'on the host' }],
      ).split('\n');
      expect(table[0]).to.match(/^VERDICT +POD +NODE +LAST BYTE +WHY$/);
      expect(table[1]).to.match(/^HOLDS +default\/a +node-a +\d+\.\d\ds/);
      expect(table[2]).to.match(/^UNVERIFIED +default\/b .*no flow/);
      expect(table[3]).to.match(/^FAILED +default\/c\\x1b +node-a +- +no such pod$/);
      expect(table[4]).to.match(/^NOT CUT +default\/d +- +- +on the host$/);
    } finally {
      await lab.close();
    }
  });
});
