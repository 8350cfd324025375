import { expect } from 'chai';
import type { Match } from '../../../src/findings/finding.ts';
import { identityReach } from '../../../src/findings/rules/identity-reach.ts';
import {
  bookOf,
  diffOf,
  type Items,
  judged,
  matchesOf,
  podList,
  podObject,
  seenBy,
  web,
} from '../traces-lab.ts';

const token = { volumes: [{ projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }] };
const pod = podObject(web, { spec: { serviceAccountName: 'shop', ...token } });
const account = { kind: 'ServiceAccount', namespace: 'prod', name: 'shop' };

function binding(role: string, more: { namespace?: string; subjects?: readonly object[] } = {}): object {
  const { namespace, subjects = [account] } = more;
  return {
    metadata: { name: `give-${role}`, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { kind: 'ClusterRole', name: role },
    subjects,
  };
}

function role(name: string, ...rules: readonly (readonly [string, string, string, ...string[]])[]): object {
  return {
    metadata: { name, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
    rules: rules.map(([verbs, group, resources, ...names]) => ({
      verbs: verbs.split(','),
      apiGroups: [group],
      resources: resources.split(','),
      ...(names.length === 0 ? {} : { resourceNames: names }),
    })),
  };
}

/** A node snapshot's answers; the diff makes prod/web the pod that the case is about. */
function access(parts: {
  readonly cluster?: readonly object[];
  readonly bindings?: readonly object[];
  readonly roles: readonly object[];
  readonly pods?: readonly object[];
}): Items {
  return {
    'live_response/kubernetes/pods.json': podList(...(parts.pods ?? [pod])),
    'live_response/kubernetes/clusterrolebindings.json': JSON.stringify({ items: parts.cluster ?? [] }),
    'live_response/kubernetes/rolebindings.json': JSON.stringify({ items: parts.bindings ?? [] }),
    'live_response/kubernetes/clusterroles.json': JSON.stringify({ items: parts.roles }),
    'live_response/kubernetes/roles.json': JSON.stringify({ items: [] }),
  };
}

const admin = access({ cluster: [binding('all')], roles: [role('all', ['*', '*', '*'])] });

describe('rule identity-reach', () => {
  it('finds a pod of the case whose account may do everything, with binding, role and the way back', () => {
    const [match, ...more] = matchesOf(identityReach, admin);
    expect(more).to.deep.equal([]);
    expect(match?.seen).to.equal('as ServiceAccount shop it can do everything in the whole cluster');
    expect(match?.severity).to.equal('critical');
    expect(match?.subject).to.deep.equal({ namespace: 'prod', pod: 'web' });
    expect(match?.names).to.deep.equal({ account: 'shop', clusterrolebinding: 'give-all' });
    expect(match?.evidence.map(({ excerpt }) => excerpt)).to.deep.equal([
      'serviceAccountName: shop, token mounted',
      'ClusterRoleBinding give-all: ClusterRole all to ServiceAccount prod/shop',
      'all: {"verbs":["*"],"groups":["*"],"resources":["*"],"names":[]}',
    ]);
  });

  for (const [what, rule, everywhere, within] of [
    ['read Secrets', ['list', '', 'secrets'], 'high', 'medium'],
    ['run commands in other pods', ['create', '', 'pods/exec'], 'high', 'medium'],
    ['run commands in other pods', ['get', '', '*/exec'], 'high', 'medium'],
    ['create pods', ['create', '', 'pods'], 'high', 'medium'],
    ['create pods through workloads', ['patch', 'apps', 'daemonsets'], 'high', 'medium'],
    [
      'run commands in every pod through kubelets (nodes/proxy)',
      ['get', '', 'nodes/proxy'],
      'high',
      undefined,
    ],
    [
      'give itself any right (escalate, bind)',
      ['bind', 'rbac.authorization.k8s.io', 'clusterroles'],
      'critical',
      'high',
    ],
    ['act as other users and groups', ['impersonate', '', 'users'], 'critical', undefined],
    ['act as other ServiceAccounts', ['impersonate', '', 'serviceaccounts'], 'critical', 'medium'],
    ['get tokens of other accounts', ['create', '', 'serviceaccounts/token'], 'critical', 'medium'],
  ] as const)
    it(`weighs: ${what} by ${rule.join(' ')}`, () => {
      const roles = [role('r', rule)];
      expect(seenBy(identityReach, access({ cluster: [binding('r')], roles }))).to.deep.equal([
        `${everywhere}: as ServiceAccount shop it can ${what} in the whole cluster`,
      ]);
      expect(
        seenBy(identityReach, access({ bindings: [binding('r', { namespace: 'prod' })], roles })),
      ).to.deep.equal(
        within === undefined ? [] : [`${within}: as ServiceAccount shop it can ${what} in namespace prod`],
      );
    });

  it('counts what the groups of the account may do, and the Secrets of the cluster itself more', () => {
    const everybody = [{ kind: 'Group', name: 'system:serviceaccounts' }];
    const bindings = [binding('r', { namespace: 'kube-system', subjects: everybody })];
    expect(
      seenBy(identityReach, access({ bindings, roles: [role('r', ['get', '', 'secrets'])] })),
    ).to.deep.equal(['high: as ServiceAccount shop it can read Secrets in namespace kube-system']);
  });

  it('weighs single objects less, and leaves out names for what has none when it is created', () => {
    const roles = [role('r', ['get', '', 'secrets', 'db'], ['create', '', 'pods', 'x'])];
    expect(seenBy(identityReach, access({ cluster: [binding('r')], roles }))).to.deep.equal([
      'medium: as ServiceAccount shop it can read Secrets in the whole cluster (only db)',
    ]);
  });

  it('tells the same power once, where it reaches furthest', () => {
    const roles = [role('r', ['get', '', 'secrets'], ['list', '', 'secrets', 'db'])];
    const both = access({ cluster: [binding('r')], bindings: [binding('r', { namespace: 'prod' })], roles });
    expect(seenBy(identityReach, both)).to.deep.equal([
      'high: as ServiceAccount shop it can read Secrets in the whole cluster',
    ]);
  });

  it('weighs low where no token is mounted, and in a pod that nothing speaks against', () => {
    const without = podObject(web, { spec: { serviceAccountName: 'shop' } });
    expect(
      seenBy(identityReach, { ...admin, 'live_response/kubernetes/pods.json': podList(without) }),
    ).to.deep.equal([
      'low: as ServiceAccount shop it can do everything in the whole cluster; no token of the account is mounted',
    ]);
    const unasked = { ...admin, 'live_response/pod-diff.json': JSON.stringify({ containers: [] }) };
    expect(seenBy(identityReach, unasked)).to.deep.equal([
      'low: as ServiceAccount shop it can do everything in the whole cluster',
    ]);
  });

  it('takes the word of other rules for a pod', () => {
    const traces = bookOf({ ...admin, 'live_response/pod-diff.json': '{"containers":[]}' }).traces();
    const weights = (accused: readonly string[]): Match['severity'][] =>
      judged(identityReach, traces, accused).map(({ severity }) => severity);
    expect(weights([])).to.deep.equal(['low']);
    expect(weights(['prod/web'])).to.deep.equal(['critical']);
  });

  it('reads what a snapshot of the pod took', () => {
    const items: Items = {
      'live_response/kubernetes/pods/web.json': JSON.stringify({ kind: 'Pod', ...pod }),
      'live_response/kubernetes/clusterrolebindings.json': JSON.stringify({ items: [binding('all')] }),
      'live_response/kubernetes/rolebindings.json': JSON.stringify({ items: [] }),
      'live_response/kubernetes/clusterroles/all.json': JSON.stringify(role('all', ['*', '*', '*'])),
    };
    const book = bookOf(items);
    expect(book.has('bindings and roles')).to.equal(true);
    expect(judged(identityReach, book.traces()).map(({ severity }) => severity)).to.deep.equal(['critical']);
  });

  it('is not judged without bindings', () => {
    expect(bookOf({ 'live_response/kubernetes/pods.json': podList(pod) }).has('bindings and roles')).to.equal(
      false,
    );
  });

  it('says nothing of accounts without bindings, of system workloads with the rights that they need, and of others', () => {
    const proxier = role(
      'system:node-proxier',
      ['list,watch', '', 'endpoints,services,nodes'],
      ['create,patch,update', '', 'events'],
    );
    const dns = role('system:coredns', ['list,watch', '', 'endpoints,services,pods,namespaces']);
    const basic = role('system:basic-user', ['create', 'authorization.k8s.io', 'selfsubjectaccessreviews']);
    const everybody = { subjects: [{ kind: 'Group', name: 'system:authenticated' }] };
    expect(
      seenBy(
        identityReach,
        access({
          cluster: [
            binding('system:node-proxier'),
            binding('system:coredns'),
            binding('system:basic-user', everybody),
            binding('all', { subjects: [{ kind: 'ServiceAccount', namespace: 'dev', name: 'shop' }] }),
          ],
          roles: [proxier, dns, basic, role('all', ['*', '*', '*'])],
        }),
      ),
    ).to.deep.equal([]);
  });

  it('is not fooled by a label: the role of a shipped name with rights of an intruder counts', () => {
    const roles = [role('system:coredns', ['*', '*', '*'])];
    expect(seenBy(identityReach, access({ cluster: [binding('system:coredns')], roles }))).to.have.length(1);
  });

  it('shows hostile names escaped, and survives members of any type', () => {
    const hostile = access({
      cluster: [
        binding('all', { subjects: [account, { kind: 1 }, 'x' as unknown as object] }),
        { metadata: 3 },
      ],
      roles: [role('all', ['*', '*', '*']), { metadata: { name: 'z' }, rules: 7 }],
    });
    expect(matchesOf(identityReach, hostile)).to.have.length(1);
    const named = access({
      bindings: [{ ...binding('r'), metadata: { name: 'x\u001b[2J', namespace: 'prod' } }],
      roles: [role('r', ['get', '', 'secrets'])],
    });
    const [match] = matchesOf(identityReach, named, { 'live_response/pod-diff.json': diffOf() });
    expect(JSON.stringify(match?.evidence)).not.to.include('\\u001b');
  });
});
