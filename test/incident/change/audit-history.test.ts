import { expect } from 'chai';
import { membersBut } from '../../../src/artifacts/json.ts';
import { AuditHistory } from '../../../src/incident/change/audit-history.ts';
import { anObject, at, auditLine, deployment } from './change-lab.ts';

const policy = anObject('networking.k8s.io/v1', 'NetworkPolicy', 'deny', {
  metadata: { resourceVersion: '5' },
  spec: { podSelector: { matchLabels: { app: 'web' } } },
});
const choice = { since: at(5), namespaces: new Set(['prod']) };

function historyOf(...lines: readonly Buffer[]): AuditHistory {
  const history = new AuditHistory(choice);
  for (const line of lines) history.add(line);
  return history;
}

describe('AuditHistory', () => {
  it('knows what was deleted by the answer to the request that had set it, long before', () => {
    const history = historyOf(
      auditLine('create', 'networkpolicies', 'deny', { responseObject: policy, stageTimestamp: at(1) }),
      auditLine('delete', 'networkpolicies', 'deny', {
        responseObject: { kind: 'Status', status: 'Success' },
        impersonatedUser: { username: 'root' },
      }),
    );
    const [deleted, ...more] = history.changes();
    expect(more).to.deep.equal([]);
    expect(deleted).to.deep.include({
      action: 'deleted',
      what: 'deleted',
      time: '2026-11-22T04:10:00.100000Z',
      fields: [{ path: 'spec.podSelector.matchLabels.app', before: '"web"' }],
      who: {
        user: 'jane',
        impersonated: 'root',
        groups: ['dev'],
        sources: ['198.51.100.7'],
        agent: 'kubectl/v1.34.4',
        auditId: 'audit-delete-deny',
      },
    });
    expect(deleted?.rollback)
      .to.match(/^printf '%s' .* \| kubectl create -f -$/)
      .and.not.contain('resourceVersion');
    expect(history.coverage()).to.deep.include({ events: 2, from: at(1), withoutBody: 0 });
  });

  it('says so when the log does not have what was deleted', () => {
    const history = historyOf(auditLine('delete', 'networkpolicies', 'deny', { level: 'Metadata' }));
    expect(history.changes()[0]).to.deep.include({
      what: 'deleted; what it was is not in the log',
      fields: [],
    });
    expect(history.changes()[0]?.rollback).to.equal(undefined);
    expect(history.coverage().withoutBody).to.equal(1);
  });

  it('tells what a patch changed, and leaves out what changed nothing that anyone sets', () => {
    const privileged = deployment({ spec: { paused: true } });
    const history = historyOf(
      auditLine('create', 'deployments', 'web', { responseObject: deployment(), stageTimestamp: at(1) }),
      auditLine('patch', 'deployments', 'web', { responseObject: privileged }),
      auditLine('patch', 'deployments', 'web', {
        responseObject: { ...privileged, status: { replicas: 1 } },
      }),
      auditLine('patch', 'deployments', 'web', { objectRef: { subresource: 'scale' } }),
    );
    const [patched, scaled, ...more] = history.changes();
    expect(more).to.deep.equal([]);
    expect(patched).to.deep.include({ what: 'patched', fields: [{ path: 'spec.paused', after: 'true' }] });
    expect(patched?.rollback).to.match(/\| kubectl replace -f -$/);
    expect(scaled?.what).to.equal('patched through scale');
  });

  it('takes a whole collection apart, and names what the server named', () => {
    const history = historyOf(
      auditLine('deletecollection', 'networkpolicies', undefined, {
        responseObject: { kind: 'NetworkPolicyList', items: [{ metadata: policy['metadata'], spec: {} }, 1] },
      }),
      auditLine('create', 'configmaps', undefined, { responseObject: anObject('v1', 'ConfigMap', 'made-x') }),
    );
    expect(history.changes().map(({ object, action }) => [object.kind, object.name, action])).to.deep.equal([
      ['NetworkPolicy', 'deny', 'deleted'],
      ['ConfigMap', 'made-x', 'created'],
    ]);
    expect(history.changes()[0]?.rollback).to.contain('"kind":"NetworkPolicy"');
  });

  it('leaves out what was refused, tried, read, elsewhere or earlier, and what tells of no configuration', () => {
    const history = historyOf(
      auditLine('create', 'roles', 'a', { responseStatus: { code: 403 } }),
      auditLine('create', 'roles', 'a', { requestURI: '/apis?fieldManager=x&dryRun=All' }),
      auditLine('create', 'roles', 'a', { stage: 'RequestReceived' }),
      auditLine('get', 'roles', 'a'),
      auditLine('create', 'roles', 'a', { objectRef: { namespace: 'other' } }),
      auditLine('create', 'roles', 'a', { stageTimestamp: at(1) }),
      auditLine('update', 'leases', 'a'),
      auditLine('create', 'serviceaccounts', 'a', { objectRef: { subresource: 'token' } }),
    );
    expect(history.changes()).to.deep.equal([]);
  });

  it('prints no Secret, tells controllers apart by who they were, and counts what is no event', () => {
    const secret = (data: string): object => anObject('v1', 'Secret', 's', { data: { key: data } });
    const history = historyOf(
      auditLine('create', 'secrets', 's', { responseObject: secret('b25l') }),
      auditLine('update', 'secrets', 's', { responseObject: secret('dHdv') }),
      auditLine('update', 'daemonsets', 'd', { user: { username: 'system:kube-controller-manager' } }),
      auditLine('update', 'rolebindings', 'b', { user: { username: 'system:serviceaccount:kube-system:x' } }),
      Buffer.from('{"kind":"Event"'),
      Buffer.from('[]'),
      Buffer.from(''),
      auditLine('create', 'roles', '', {}),
      auditLine('create', 'roles', 'x', { objectRef: 'roles' as unknown as object }),
    );
    expect(JSON.stringify(history.changes().map((one) => membersBut({ ...one }, 'bodies')))).to.not.match(
      /b25l|dHdv/,
    );
    expect(
      history
        .changes()
        .map(({ consequence }) => consequence)
        .slice(0, 4),
    ).to.deep.equal([false, false, true, false]);
    expect(history.coverage().malformed).to.equal(2);
  });

  it('forgets the oldest states before memory runs out, and says how many', () => {
    const history = new AuditHistory({ since: at(30) });
    const fill = 'x'.repeat(1024 * 1024);
    for (let index = 0; index < 70; index += 1)
      history.add(
        auditLine('create', 'configmaps', `c${index}`, {
          responseObject: anObject('v1', 'ConfigMap', `c${index}`, { data: { fill } }),
        }),
      );
    history.add(auditLine('delete', 'configmaps', 'c0', { stageTimestamp: at(40) }));
    history.add(auditLine('delete', 'configmaps', 'c69', { stageTimestamp: at(40) }));
    expect(history.coverage().forgotten).to.be.within(6, 12);
    expect(history.changes().map(({ what }) => what)).to.deep.equal([
      'deleted; what it was is not in the log',
      'deleted',
    ]);
  });
});
