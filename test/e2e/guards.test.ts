import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Isolation } from '../../src/containment/isolation.ts';
import { attempt, type Outcome } from '../cluster/run.ts';
import { image, imageOf, nodeShell } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { ours } from './support/traces.ts';
import { createNamespace, removeNamespaces } from './support/workload.ts';
import { kubectl, kubectlIr, onNode } from './support/world.ts';

const namespace = 'e2e-guards';
const safe = 'cluster-autoscaler.kubernetes.io/safe-to-evict';

describe('guards, deny policies and rights', function () {
  requires(this, image('collector-full'), image('shop'), nodeShell());
  this.timeout(180_000);
  let dir: string;
  let cases = 0;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-guards-'));
    await createNamespace(namespace);
    await kubectl(['apply', '-f', '-'], list([deployment, ...definitions]));
    await kubectl(['rollout', 'status', '-n', namespace, 'deploy/shop', '--timeout=60s']);
    await kubectl([
      'wait',
      '--for=condition=Established',
      'crd',
      ...definitions.map(nameOf),
      '--timeout=30s',
    ]);
  });
  after(async () => {
    await removeNamespaces(namespace);
    await kubectl(['delete', 'resourcequota', 'none', '-n', 'kubectl-ir', '--ignore-not-found']);
    await kubectl(['delete', 'crd', ...definitions.map(nameOf), '--ignore-not-found', '--wait=false']);
    await rm(dir, { recursive: true, force: true });
  });

  const ir = (words: readonly string[]): Promise<Outcome> =>
    kubectlIr([...words, '-n', namespace, '--collector-image', imageOf('collector-full')]);
  const isolate = (pod: string, flags: readonly string[] = []): Promise<Outcome> =>
    ir(['isolate', pod, '--yes', '-o', 'json', '--case', join(dir, String((cases += 1))), ...flags]);
  const isolationOf = ({ stdout }: Outcome): Isolation => JSON.parse(stdout) as Isolation;
  /** A pod of the shop that runs, when none of its pods is still to come. */
  const firstPod = async (): Promise<string> => {
    await kubectl(['rollout', 'status', 'deployment/shop', '-n', namespace, '--timeout=60s']);
    const path = '{.items[?(@.status.phase=="Running")].metadata.name}';
    const names = await kubectl(['get', 'pods', '-n', namespace, '-l', 'app=shop', '-o', `jsonpath=${path}`]);
    return names.split(' ')[0] ?? '';
  };
  const field = (pod: string, path: string): Promise<string> =>
    kubectl(['get', 'pod', pod, '-n', namespace, '-o', `jsonpath={${path}}`]);

  it('refuse eviction, drain, deletion and the loss of our label, and claim no more', async () => {
    const pod = await firstPod();
    await kubectl(['annotate', 'pod', pod, '-n', namespace, `${safe}=true`]);
    const done = await isolate(pod);
    expect(done.code, done.stderr).to.equal(0);
    const { actions } = isolationOf(done);
    expect(actions[0]).to.include({ kind: 'guard', outcome: 'done' });
    expect(actions[0]?.detail).to.match(/deletion and loss of our label were tried and refused$/);
    expect(done.stderr)
      .to.match(/not stopped: eviction by the kubelet under pressure, restart of a container, reboot/)
      .and.match(
        /will wait until it is released: kubectl drain node-\w, the deletion of namespace e2e-guards/,
      );

    const node = await field(pod, '.spec.nodeName');
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod } };
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/eviction`;
    const evicted = await attempt('kubectl', ['create', '--raw', path, '-f', '-'], {
      input: JSON.stringify(eviction),
    });
    expect(evicted.stderr).to.match(/violate the pod's disruption budget/);
    const selector = `kubectl-ir/pod-uid=${await field(pod, '.metadata.uid')}`;
    const drained = await attempt('kubectl', [
      ...['drain', node, '--force', `--pod-selector=${selector}`, '--timeout=2s'],
    ]);
    await kubectl(['uncordon', node]);
    expect(drained.stderr).to.match(/violate the pod's disruption budget/);
    for (const words of [
      ['delete', 'pod', pod, '--grace-period=0', '--force'],
      ['label', 'pod', pod, 'kubectl-ir/pod-uid-'],
      ['label', 'pod', pod, 'kubectl-ir/pod-uid=other', '--overwrite'],
    ]) {
      const refused = await attempt('kubectl', [...words, '-n', namespace]);
      expect(refused.code, words.join(' ')).not.to.equal(0);
      expect(refused.stderr).to.match(/denied request: the pod is kept as evidence/);
    }
    // What is said not to be stopped is not: the container restarts, and the pod is the same.
    const [, id = ''] =
      /\/\/([0-9a-f]{64})/.exec(await field(pod, '.status.containerStatuses[0].containerID')) ?? [];
    await onNode(
      node,
      `for p in /proc/[0-9]*; do grep -q ${id} $p/cgroup 2>/dev/null && kill -9 \${p#/proc/}; done`,
    );
    await kubectl([
      ...['wait', `pod/${pod}`, '-n', namespace, '--timeout=30s'],
      '--for=jsonpath={.status.containerStatuses[0].restartCount}=1',
    ]);
  });

  it('are gone after a release, which leaves the pod detached and tells how to give it back', async () => {
    const [pod = ''] = (await ours()).flatMap((name) => /^pod\/(shop-.*)$/.exec(name)?.[1] ?? []);
    const done = await ir(['release', pod, '--yes']);
    expect(done.code, done.stderr).to.equal(0);
    expect(await ours()).to.deep.equal([]);
    expect(JSON.parse(await field(pod, '.metadata.annotations'))).to.deep.equal({ [safe]: 'true' });
    expect(await field(pod, '.metadata.labels')).to.equal('');
    expect(await field(pod, '.metadata.ownerReferences')).to.equal('');
    const [, line = ''] = /^Return +(kubectl annotate .*)$/m.exec(done.stderr) ?? [];
    const given = await attempt('sh', ['-c', line]);
    expect(given.code, given.stderr).to.equal(0);
    await kubectl([
      ...['wait', `pod/${pod}`, '-n', namespace, '--timeout=30s'],
      '--for=jsonpath={.metadata.ownerReferences[0].kind}=ReplicaSet',
    ]);
    await kubectl(['delete', 'pod', pod, '-n', namespace]);
  });

  it('deny by the kinds of Cilium and Calico where the API has them', async () => {
    const pod = await firstPod();
    const done = await isolate(pod);
    expect(done.code, done.stderr).to.equal(0);
    const name = `ir-${isolationOf(done).pod.uid}`;
    const spec = async (kind: string): Promise<unknown> =>
      JSON.parse(await kubectl(['get', kind, name, '-n', namespace, '-o', 'jsonpath={.spec}']));
    expect(await spec('ciliumnetworkpolicies.cilium.io')).to.have.keys(
      'endpointSelector',
      'ingressDeny',
      'egressDeny',
    );
    expect(await spec('networkpolicies.projectcalico.org')).to.deep.include({
      types: ['Ingress', 'Egress'],
      ingress: [{ action: 'Deny' }],
      egress: [{ action: 'Deny' }],
    });
    expect((await ir(['release', pod, '--yes', '--return'])).code).to.equal(0);
    const left = await kubectl([
      ...['get', 'ciliumnetworkpolicies.cilium.io,networkpolicies.projectcalico.org', '-A', '-o', 'name'],
    ]);
    expect(left).to.equal('');
  });

  it('isolate by the API alone where no collector may run, say so, and are undone all the same', async () => {
    const pod = await firstPod();
    await kubectl(['create', 'quota', 'none', '-n', 'kubectl-ir', '--hard=pods=0']);
    const done = await isolate(pod);
    expect(done.code, done.stderr).to.equal(3);
    const { verification, actions } = isolationOf(done);
    expect(verification.verdict).to.equal('UNVERIFIED');
    expect(verification.reasons[0]).to.match(/exceeded quota/);
    expect(actions.map(({ kind, outcome }) => `${kind} ${outcome}`)).to.deep.equal([
      ...['guard done', 'cut not placed', 'inside not placed', 'deny done', 'detach done'],
    ]);
    const released = await ir(['release', pod, '--yes', '--return']);
    expect(released.code, released.stderr).to.equal(0);
    expect(released.stderr).to.match(/not looked for on node-\w, because the record tells of none/);
    await kubectl(['delete', 'resourcequota', 'none', '-n', 'kubectl-ir']);
    expect(await ours()).to.deep.equal([]);
  });

  it('do what the user may do, and name what is missing before and after', async () => {
    const pod = await firstPod();
    const account = `system:serviceaccount:${namespace}:responder`;
    await kubectl(['create', 'serviceaccount', 'responder', '-n', namespace]);
    const rbac = await ir(['preflight', '--command', 'isolate', '--print-rbac', '--as', account]);
    const inNamespaces = rbac.stdout
      .split('---\n')
      .filter((part) => part !== '' && !/^kind: ClusterRole/m.test(part));
    await kubectl(['apply', '-f', '-'], inNamespaces.join('---\n'));
    const done = await isolate(pod, ['--as', account]);
    expect(done.code, done.stderr).to.equal(3);
    expect(done.stderr).to.match(/^ +- {2}cut +left out: you may not get nodes/m);
    expect(done.stderr).to.match(/^ +- {2}guard +in part: you may not .*validatingadmissionpolicies/m);
    expect(done.stderr).to.match(/not looked at: node node-\w: you may not read it/);
    const { actions } = isolationOf(done);
    expect(actions.find(({ kind }) => kind === 'detach')).to.include({ outcome: 'done' });
    expect(actions[0]).to.include({ kind: 'guard', outcome: 'part' });
    expect((await ir(['release', pod, '--yes', '--return'])).code).to.equal(0);
  });
});

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'shop', namespace },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'shop' } },
    template: {
      metadata: { labels: { app: 'shop' } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'web', image: imageOf('shop'), imagePullPolicy: 'IfNotPresent' }],
      },
    },
  },
};

const definitions = [
  definition('cilium.io', 'v2', 'CiliumNetworkPolicy', 'ciliumnetworkpolicies'),
  definition('projectcalico.org', 'v3', 'NetworkPolicy', 'networkpolicies'),
];

/** A kind that takes any spec, as the networks' own would take ours. */
function definition(
  group: string,
  version: string,
  kind: string,
  plural: string,
): { metadata: { name: string } } {
  const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    metadata: { name: `${plural}.${group}` },
    ...{
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind, plural, singular: kind.toLowerCase() },
        versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: schema } }],
      },
    },
  };
}

function nameOf({ metadata }: { metadata: { name: string } }): string {
  return metadata.name;
}

function list(items: readonly unknown[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}
