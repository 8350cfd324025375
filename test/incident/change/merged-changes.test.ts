import { expect } from 'chai';
import { change, type ConfigurationChange } from '../../../src/incident/change/change.ts';
import { mergedChanges } from '../../../src/incident/change/merged-changes.ts';

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'prod', name: 'web' };
const who = { user: 'jane', groups: [], sources: [], auditId: 'id' };

function one(
  source: ConfigurationChange['source'],
  second: number,
  more: Partial<ConfigurationChange> = {},
): ConfigurationChange {
  const time = `2026-11-22T04:00:${String(second).padStart(2, '0')}Z`;
  return change({ time, source, object: web, action: 'changed', what: source, ...more });
}

describe('mergedChanges', () => {
  it('gives a rollout the name that its manager claims and the identity that the audit log has', () => {
    const merged = mergedChanges([
      one('object', 19, { claims: 'helm', among: ['spec'] }),
      one('audit', 19, { who, rollback: 'other' }),
      one('rollout', 20, { rollback: 'undo' }),
    ]);
    expect(merged).to.have.length(1);
    expect(merged[0]).to.deep.include({ source: 'rollout', claims: 'helm', who, rollback: 'undo' });
  });

  it('blames nobody who was there some seconds before, or who changed something else', () => {
    const by = (user: string): Pick<ConfigurationChange, 'who'> => ({ who: { ...who, user } });
    const named = (...more: readonly ConfigurationChange[]): unknown =>
      mergedChanges([one('rollout', 20), ...more]).find(({ source }) => source === 'rollout')?.who?.user;
    const fields = [{ path: 'spec.replicas', before: '1', after: '2' }];
    expect(named(one('audit', 12, by('jane')), one('audit', 19, by('eve')))).to.equal('eve');
    expect(named(one('audit', 20, { fields, ...by('jane') }), one('audit', 15, by('eve')))).to.equal('eve');
  });

  it('takes differences and the old state from the audit log where the object has none', () => {
    const fields = [{ path: 'spec.paused', after: 'true' }];
    const [merged, ...more] = mergedChanges([
      one('object', 20, { among: ['spec'], noRollback: 'not known' }),
      one('audit', 20, { who, fields, rollback: 'replace', what: 'patched' }),
    ]);
    expect(more).to.deep.equal([]);
    expect(merged).to.deep.include({
      fields,
      among: [],
      what: 'patched',
      rollback: 'replace',
      source: 'object',
    });
  });

  it('keeps apart what is another object, act or time, and what has its own identity', () => {
    const other = { ...web, name: 'other' };
    const deleted = one('audit', 20, { who, action: 'deleted' });
    for (const audited of [
      one('audit', 20, { who, object: other }),
      one('audit', 50, { who }),
      one('audit', 23, { who }),
      deleted,
    ])
      expect(mergedChanges([one('object', 20), audited])).to.have.length(2);
    expect(
      mergedChanges([one('object', 20), one('audit', 20, { who }), one('audit', 19, { who })]),
    ).to.have.length(2);
    expect(mergedChanges([one('object', 20, { action: 'created' }), one('rollout', 21)])).to.have.length(2);
    expect(mergedChanges([one('image', 20), one('audit', 20, { who })])).to.have.length(2);
    const numbered = one('audit', 20, { who, consequence: true });
    expect(mergedChanges([one('rollout', 20), numbered])).to.have.length(2);
  });

  it('knows a Helm release by the Secret that holds it', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'prod', name: 's' };
    const merged = mergedChanges([
      one('helm', 20, { aliases: [secret] }),
      one('audit', 20, { who, object: secret, action: 'created' }),
    ]);
    expect(merged.map(({ source, who: found }) => [source, found?.user])).to.deep.equal([['helm', 'jane']]);
  });

  it('tells the exact time and the old state together, and nothing twice', () => {
    const fields = [{ path: 'spec', before: '1' }];
    const gone = one('baseline', 59, { action: 'deleted', fields, rollback: 'create' });
    const deleted = one('audit', 20, { who, action: 'deleted', noRollback: 'not in the log' });
    const [merged, ...more] = mergedChanges([gone, deleted]);
    expect(more).to.deep.equal([]);
    expect(merged).to.deep.include({ time: deleted.time, who, fields, rollback: 'create', source: 'audit' });
    expect(merged).to.not.have.property('noRollback');
    expect(mergedChanges([gone, one('audit', 20, { who })])).to.have.length(2);
    expect(mergedChanges([gone, { ...deleted, fields, rollback: 'own' }])[0]?.rollback).to.equal('own');
  });
});
