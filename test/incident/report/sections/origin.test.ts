import { expect } from 'chai';
import { originSection } from '../../../../src/incident/report/sections/origin.ts';
import { saidBy, sampleReport } from '../report-lab.ts';

describe('originSection', () => {
  const sample = sampleReport();

  it('has candidates with who it was, as far as that is known', () => {
    const text = saidBy(originSection(sample));
    for (const part of [
      '| by 2026-11-22 04:15:00 UTC | `deployment/web in prod` | changed: image | jane | near |',
      'The first 1 of 2 changes; all of them: kubectl ir changes ir-1',
      '- no audit log',
      'does not show that it caused it',
    ])
      expect(text).to.contain(part);
    const [cause] = sample.origin?.causes.items ?? [];
    if (sample.origin === undefined || cause === undefined) throw new Error('no cause');
    const { who: _who, ...unknown } = { ...cause, claims: 'kubectl' };
    const origin = { ...sample.origin, causes: { items: [unknown], total: 1, command: '' } };
    expect(_who).to.equal('jane');
    expect(saidBy(originSection({ ...sample, origin }))).to.contain(
      'not known; the client called itself kubectl',
    );
  });

  it('claims nothing where nothing was found or looked at', () => {
    const origin = {
      since: '2026-11-20T04:15:00Z',
      causes: { items: [], total: 0, command: '' },
      notSeen: [],
    };
    expect(saidBy(originSection({ ...sample, origin }))).to.contain(
      'shows no change of configuration from 2026-11-20 04:15:00 UTC on',
    );
    const bare = { ...sample };
    Reflect.deleteProperty(bare, 'origin');
    expect(saidBy(originSection(bare))).to.match(/Not looked for[^]*`kubectl ir changes ir-1`/);
  });
});
