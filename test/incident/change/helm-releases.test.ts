import { expect } from 'chai';
import { helmChanges } from '../../../src/incident/change/helm-releases.ts';
import { helmSecret } from './change-lab.ts';

describe('helmChanges', () => {
  it('tells chart, versions and names of values, never what the values are', () => {
    const config = { image: { tag: '1' }, admin: { password: 'secret-2' }, replicas: 3 };
    const { changes } = helmChanges([helmSecret(2, 5, { config }), helmSecret(1, 0)]);
    const [installed, upgraded] = changes;
    expect(installed).to.deep.include({ action: 'created', what: 'Helm revision 1 of shop 1.1.0' });
    expect(upgraded).to.deep.include({
      what: 'Helm revision 1 -> 2',
      rollback: 'helm rollback shop 1 -n prod',
      fields: [
        { path: 'chart.version', before: '1.1.0', after: '1.2.0' },
        { path: 'values.admin.password', before: '(not printed)', after: '(not printed)' },
        { path: 'values.replicas', after: '(not printed)' },
        { path: 'manifest', before: '12 characters', after: '12 characters' },
      ],
    });
    expect(JSON.stringify(changes)).to.not.contain('secret-');
  });

  it('goes back past what never ran, and names what is no record', () => {
    const failed = { status: 'failed', last_deployed: '2026-11-22T04:05:00Z' };
    const { changes, malformed } = helmChanges([
      helmSecret(1, 0),
      helmSecret(2, 5, { info: failed }),
      helmSecret(3, 6),
      {},
    ]);
    expect(changes.map(({ what }) => what)).to.deep.equal([
      'Helm revision 1 of shop 1.1.0',
      'Helm revision 1 -> 2, failed',
      'Helm revision 1 -> 3',
    ]);
    expect(malformed).to.equal(1);
    expect(helmChanges([helmSecret(8, 0)]).changes[0]).to.deep.include({
      action: 'changed',
      noRollback: 'the revision before it is no longer kept',
    });
  });
});
