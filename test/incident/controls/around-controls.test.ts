import { expect } from 'chai';
import { aroundControls } from '../../../src/incident/controls/around-controls.ts';
import type { ControlFacts, ControlJudgement } from '../../../src/incident/controls/control.ts';
import { shopFacts } from './facts-lab.ts';

function judge(id: string, facts: ControlFacts): ControlJudgement {
  const control = aroundControls.find((one) => one.id === id);
  if (control === undefined) throw new Error(`no control ${id}`);
  return control.judge(facts);
}
const state = (id: string, facts: ControlFacts): string => judge(id, facts).state;
const binding = 'rolebinding/web in namespace prod';
const grants = (
  ...rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[]
): Partial<ControlFacts> => ({
  grants: [{ binding, rules }],
});
const rule = (
  resource: string,
  ...verbs: string[]
): { apiGroups: string[]; resources: string[]; verbs: string[] } => ({
  ...{ apiGroups: [''], resources: [resource], verbs },
});

describe('controls around the pod', () => {
  it('network-policy: both ways, by policies that select the pod', () => {
    const facts = shopFacts({ ports: [{ containerPort: 8080 }] }, {}, { policies: [] });
    const missing = judge('network-policy', facts);
    expect(missing).to.include({ state: 'missing', seen: 'no policy restricts its ingress and egress' });
    expect(missing.manifest?.['spec']).to.deep.equal({
      podSelector: { matchLabels: { app: 'shop' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports: [{ port: 8080, protocol: 'TCP' }] }],
      egress: [
        {
          ports: [
            { port: 53, protocol: 'UDP' },
            { port: 53, protocol: 'TCP' },
          ],
        },
      ],
    });
    const policy = (spec: object): ControlFacts => shopFacts({}, {}, { policies: [{ spec }] });
    expect(judge('network-policy', policy({ podSelector: {} })).seen).to.equal(
      'no policy restricts its egress',
    );
    expect(state('network-policy', policy({ podSelector: {}, egress: [] }))).to.equal('in place');
    const other = { podSelector: { matchLabels: { app: 'other' } }, policyTypes: ['Ingress', 'Egress'] };
    expect(state('network-policy', policy(other))).to.equal('missing');
    expect(state('network-policy', shopFacts())).to.equal('not looked at');
  });

  it('host-paths: no directory of the node', () => {
    const missing = judge('host-paths', shopFacts({}, { volumes: [{ hostPath: { path: '/etc' } }] }));
    expect(missing).to.deep.include({ state: 'missing', seen: 'it mounts /etc of the node' });
    expect(missing.manifest).to.deep.equal({
      ...{ apiVersion: 'v1', kind: 'Namespace' },
      metadata: { name: 'prod', labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } },
    });
    expect(state('host-paths', shopFacts({}, { volumes: [{ emptyDir: {} }] }))).to.equal('in place');
  });

  it('pod-security: enforced in the namespace', () => {
    const labelled = (labels: object): ControlFacts =>
      shopFacts({}, {}, { namespace: { metadata: { labels } } });
    expect(state('pod-security', labelled({}))).to.equal('missing');
    expect(state('pod-security', labelled({ 'pod-security.kubernetes.io/enforce': 'privileged' }))).to.equal(
      'missing',
    );
    expect(state('pod-security', labelled({ 'pod-security.kubernetes.io/warn': 'baseline' }))).to.equal(
      'missing',
    );
    expect(state('pod-security', labelled({ 'pod-security.kubernetes.io/enforce': 'restricted' }))).to.equal(
      'in place',
    );
    expect(state('pod-security', shopFacts())).to.equal('not looked at');
  });

  it('rbac: nothing far-reaching that was not used, and a role of what was', () => {
    const wide = judge('rbac', shopFacts({}, {}, grants(rule('secrets', 'list'), rule('configmaps', 'get'))));
    expect(wide.seen).to.equal(
      `serviceaccount/default may list secrets by ${binding}; no audit log tells what it used`,
    );
    expect(wide.manifest?.['rules']).to.deep.equal([]);
    const used = [
      { verb: 'list', group: '', resource: 'secrets' },
      { verb: 'get', group: '', resource: 'secrets' },
      { verb: 'get', group: 'apps', resource: 'deployments' },
    ];
    expect(state('rbac', shopFacts({}, {}, { ...grants(rule('secrets', 'list')), used }))).to.equal(
      'in place',
    );
    const star = judge('rbac', shopFacts({}, {}, { ...grants(rule('*', '*')), used }));
    expect(star.manifest?.['rules']).to.deep.equal([
      { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] },
    ]);
    expect(star.byHand).to.include(`take it out of ${binding}`);
    expect(state('rbac', shopFacts({}, {}, grants(rule('configmaps', 'get', 'list'))))).to.equal('in place');
    expect(state('rbac', shopFacts({}, {}, { grants: [] }))).to.equal('in place');
    expect(state('rbac', shopFacts({}, {}, { grants: [{ binding }] }))).to.equal('not looked at');
    expect(state('rbac', shopFacts())).to.equal('not looked at');
  });

  it('limits: of memory and processor, in every container', () => {
    const missing = judge('limits', shopFacts({ resources: { limits: { cpu: 1 } } }));
    expect(missing).to.include({ state: 'missing', seen: 'web: no limit of memory' });
    expect(missing.manifest?.kind).to.equal('LimitRange');
    expect(state('limits', shopFacts({ resources: { limits: { cpu: 1, memory: '1Gi' } } }))).to.equal(
      'in place',
    );
    expect(state('limits', shopFacts({}, { containers: [] }))).to.equal('not looked at');
  });

  it('disruption-budget: of what runs several pods', () => {
    const budget = (selector: unknown): ControlFacts =>
      shopFacts({}, {}, { budgets: [{ spec: { selector } }] });
    expect(state('disruption-budget', shopFacts({}, {}, { budgets: [] }))).to.equal('missing');
    expect(state('disruption-budget', budget({ matchLabels: { app: 'shop' } }))).to.equal('in place');
    expect(state('disruption-budget', budget({ matchLabels: { app: 'other' } }))).to.equal('missing');
    expect(state('disruption-budget', shopFacts({}, {}, { budgets: [], controller: null }))).to.equal(
      'not meant',
    );
    expect(state('disruption-budget', shopFacts())).to.equal('not looked at');
  });

  it('audit: a policy and a place for the log, at every API server', () => {
    const on = ['kube-apiserver', '--audit-policy-file=/p', '--audit-log-path=/l'];
    const served = (...apiServers: string[][]): ControlFacts => shopFacts({}, {}, { apiServers });
    expect(state('audit', served(on))).to.equal('in place');
    const off = judge('audit', served(on, ['kube-apiserver', '--audit-log-path=/l']));
    expect([off.state, off.seen]).to.deep.equal(['missing', '1 of 2 API servers keep no audit log']);
    expect(off.manifest?.apiVersion).to.equal('audit.k8s.io/v1');
    expect(state('audit', served())).to.equal('not looked at');
    expect(state('audit', shopFacts({}, {}, { used: [] }))).to.equal('in place');
  });

  it('takes objects of any shape for what they are', () => {
    for (const odd of [
      {},
      { spec: 7 },
      { spec: { podSelector: { matchExpressions: 'x' }, policyTypes: [7] } },
    ])
      expect(state('network-policy', shopFacts({}, {}, { policies: [odd] }))).to.equal('missing');
  });
});
