import { expect } from 'chai';
import { identitySection } from '../../../../src/incident/report/sections/identity.ts';
import { saidBy, sampleReport } from '../report-lab.ts';

describe('identitySection', () => {
  const sample = sampleReport();

  it('has what an account may do and by which binding', () => {
    const text = saidBy(identitySection(sample));
    expect(text)
      .to.contain('`RoleBinding/web to Role/web`')
      .and.contain('- get pods')
      .and.contain('The first 1 of 2 rules');
    const [one] = sample.identities;
    if (one === undefined) throw new Error('no identity');
    const free = { ...one, bindings: [], rules: { items: [], total: 0, command: '' } };
    expect(saidBy(identitySection({ ...sample, identities: [free] }))).to.contain(
      'it may do what everybody may',
    );
  });

  it('says how to find out when it is not in the case', () => {
    expect(saidBy(identitySection({ ...sample, identities: [] }))).to.contain(
      '`kubectl ir snapshot pod web -n prod --case ir-1`',
    );
  });
});
