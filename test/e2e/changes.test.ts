import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { processIo } from '../../src/output/io.ts';
import { layoutOf } from '../cluster/layout.ts';
import { run } from '../cluster/run.ts';
import { image, imageOf, nodeShell } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { helmEnvironment, writeChart } from './support/helm.ts';
import { apply, createNamespace, deployment, removeNamespaces, untilReady } from './support/workload.ts';
import { eventually, kubectl, kubectlIr, nodeNames, onNode } from './support/world.ts';

const namespace = 'e2e-changes';
/** A name that RBAC takes and a shell would obey. */
const bindingName = "e2e-changes it's $(touch obeyed)";
const waiting = ['sh', '-c', 'sleep 3600 & wait'];
const moved = 'lab.local/e2e-moved';

interface Change {
  readonly source: string;
  readonly level: string;
  readonly what: string;
  readonly object: { readonly kind: string; readonly name: string };
  readonly fields: readonly { readonly path: string; readonly before?: string; readonly after?: string }[];
  readonly who?: { readonly user: string; readonly impersonated?: string };
  readonly rollback: string;
}

describe('kubectl ir changes', function () {
  requires(this, image('collector'), image('toolbox'), nodeShell());
  this.timeout(180_000);
  const auditLog = join(layoutOf(processIo().env).logs, 'audit.log');
  let node = '';
  let dir: string;

  before(async () => {
    [node = ''] = await nodeNames();
    dir = await mkdtemp(join(tmpdir(), 'e2e-changes-'));
    await createNamespace(namespace);
  });
  after(async () => {
    await kubectl(['delete', 'clusterrolebinding', '--ignore-not-found', bindingName]);
    await removeNamespaces(namespace);
    await onNode(node, `ctr -n k8s.io images rm $(ctr -n k8s.io images ls -q | grep ${moved})`);
    await rm(dir, { recursive: true, force: true });
  });

  async function start(name: string, more: object = {}, parts: object = {}): Promise<void> {
    const made = deployment(name, { image: imageOf('toolbox'), command: waiting, node, ...parts });
    await apply(namespace, [{ ...made, ...more }]);
    await settled(name);
  }

  function settled(name: string): Promise<string> {
    return kubectl(['rollout', 'status', '-n', namespace, `deployment/${name}`, '--timeout=90s']);
  }

  /** Names of running pods of a Deployment, the youngest first. */
  async function podsOf(name: string): Promise<string[]> {
    const all = JSON.parse(
      await kubectl(['get', 'pods', '-n', namespace, '-l', `app=${name}`, '-o', 'json']),
    ) as {
      items: { metadata: { name: string; deletionTimestamp?: string; creationTimestamp: string } }[];
    };
    return all.items
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1))
      .map(({ metadata }) => metadata.name);
  }

  function field(object: string, path: string): Promise<string> {
    return kubectl(['get', object, '-n', namespace, '-o', `jsonpath={${path}}`]);
  }

  /** The first change that is told of something, which is also the first line of the table. */
  async function firstOf(
    words: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Change> {
    const given = ['changes', ...words, '-n', namespace];
    const table = await kubectlIr(given, env);
    const { code, stdout, stderr } = await kubectlIr([...given, '-o', 'json'], env);
    expect(code, stderr).to.be.oneOf([0, 3]);
    const [first] = (JSON.parse(stdout) as { items: Change[] }).items;
    if (first === undefined) throw new Error(`no change: ${stderr}`);
    const [, line = ''] = table.stdout.split('\n');
    expect(line)
      .to.contain(`${first.object.kind.toLowerCase()}/${first.object.name}`)
      .and.contain(first.what);
    expect(table.stdout).to.contain(`   undo      ${first.rollback}\n`);
    return first;
  }

  function paste(line: string, env = processIo().env): Promise<string> {
    return run('sh', ['-c', line], { cwd: dir, env });
  }

  it('finds an image whose tag moved, and what runs the one before', async () => {
    const ctr = 'ctr -n k8s.io images';
    const digestOf = async (name: string): Promise<string> =>
      /sha256:[0-9a-f]{64}/.exec((await onNode(node, `${ctr} ls name==${name}`)).stdout)?.[0] ?? '';
    const [old, other] = [await digestOf(imageOf('toolbox')), await digestOf(imageOf('collector'))];
    expect(old).to.not.equal(other);
    // As a pull leaves it: the tag, and the digest that it meant.
    const pulled = (from: string, digest: string): string =>
      `${ctr} tag --force ${from} ${moved}:1 && ${ctr} tag --force ${from} ${moved}@${digest}`;
    expect((await onNode(node, pulled(imageOf('toolbox'), old))).code).to.equal(0);
    await start('moved', {}, { image: `${moved}:1` });
    await kubectl(['scale', '-n', namespace, 'deployment/moved', '--replicas=2']);
    await settled('moved');
    const [gone = ''] = await podsOf('moved');
    expect((await onNode(node, pulled(imageOf('collector'), other))).code).to.equal(0);
    await processIo().sleep(1100);
    await kubectl(['delete', 'pod', '-n', namespace, gone]);
    let hurt = '';
    await eventually('another pod took its place', async () => {
      const names = (await podsOf('moved')).filter((name) => name !== gone);
      hurt = names[0] ?? '';
      return names.length === 2;
    });
    await untilReady(namespace, [hurt]);
    const first = await firstOf([hurt]);
    expect([first.source, first.level]).to.deep.equal(['image', 'own']);
    expect(first.fields).to.deep.equal([{ path: `image ${moved}:1`, before: old, after: other }]);
    await paste(first.rollback);
    await settled('moved');
    for (const pod of await podsOf('moved'))
      expect(await field(`pod/${pod}`, '.status.containerStatuses[0].imageID')).to.contain(old);
  });

  it('finds a privileged flag, who set it, and what takes it back', async () => {
    await start('flagged');
    await processIo().sleep(1100);
    const container = { name: 'main', securityContext: { privileged: true } };
    const patch = JSON.stringify({ spec: { template: { spec: { containers: [container] } } } });
    const as = ['--as', 'mallory', '--as-group', 'system:masters'];
    await kubectl(['patch', '-n', namespace, 'deployment/flagged', '-p', patch, ...as]);
    await settled('flagged');
    const [hurt = ''] = await podsOf('flagged');
    const first = await firstOf([hurt, '--audit-log', auditLog]);
    expect(first.fields).to.deep.include({
      path: 'spec.template.spec.containers[main].securityContext.privileged',
      after: 'true',
    });
    expect(first.who?.impersonated).to.equal('mallory');
    expect(first.rollback).to.equal(
      `kubectl rollout undo deployment/flagged -n ${namespace} --to-revision=1`,
    );
    await paste(first.rollback);
    await settled('flagged');
    const [mended = ''] = await podsOf('flagged');
    expect(await field(`pod/${mended}`, '.spec.containers[0].securityContext.privileged')).to.equal('');
  });

  it('finds a binding of its account, whatever its name, and what removes it', async () => {
    await kubectl(['create', 'serviceaccount', '-n', namespace, 'cashier']);
    await start('cashier', {}, { spec: { serviceAccountName: 'cashier' } });
    const to = `--serviceaccount=${namespace}:cashier`;
    await kubectl(['create', 'clusterrolebinding', bindingName, '--clusterrole=cluster-admin', to]);
    const [hurt = ''] = await podsOf('cashier');
    const first = await firstOf([hurt]);
    expect([first.level, first.object.name]).to.deep.equal(['account', bindingName]);
    await paste(first.rollback);
    const left = await kubectl(['get', 'clusterrolebinding', '--ignore-not-found', bindingName]);
    expect(left).to.equal('');
    expect(await readdir(dir)).to.not.include('obeyed');
  });

  it('finds a policy that was deleted, live and in a case, and what makes it again', async () => {
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'tills-only', annotations: { note: "it's ours" } },
      spec: {
        podSelector: { matchLabels: { app: 'guarded' } },
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ podSelector: { matchLabels: { app: 'till' } } }] }],
      },
    };
    await apply(namespace, [policy]);
    await start('guarded');
    const spec = await field('networkpolicy/tills-only', '.spec');
    const [hurt = ''] = await podsOf('guarded');
    const take = async (name: string): Promise<string> => {
      const flags = ['--collector-image', imageOf('collector'), '--case', join(dir, name)];
      const { code, stderr } = await kubectlIr(['snapshot', 'pod', hurt, '-n', namespace, ...flags]);
      expect(code, stderr).to.be.oneOf([0, 3]);
      return join(dir, name);
    };
    const earlier = await take('earlier');
    await kubectl(['delete', 'networkpolicy', '-n', namespace, 'tills-only']);
    const later = await take('later');
    const first = await firstOf([hurt, '--audit-log', auditLog]);
    expect([first.level, first.what, first.object.name]).to.deep.equal(['policy', 'deleted', 'tills-only']);
    const offline = { KUBECONFIG: join(dir, 'none') };
    expect(await firstOf([later, '--audit-log', auditLog], offline)).to.deep.include({
      what: 'deleted',
      rollback: first.rollback,
    });
    expect(await firstOf([hurt, '--baseline', earlier])).to.deep.include({
      what: 'deleted since the earlier case',
      rollback: first.rollback,
    });
    await paste(first.rollback);
    expect(JSON.parse(await field('networkpolicy/tills-only', '.spec'))).to.deep.equal(JSON.parse(spec));
    const without = await kubectlIr(['changes', hurt, '-n', namespace]);
    expect(without.stdout).to.contain('deleted objects: not knowable here');
  });

  it('finds a Helm upgrade, and what goes back to the state before', async () => {
    const env = await helmEnvironment(dir);
    const chart = join(dir, 'store');
    const container = { env: [{ name: 'BACKEND', value: '{{ .Values.backend }}' }] };
    const store = deployment('store', { image: imageOf('toolbox'), command: waiting, node, container });
    /** Installs or upgrades the release, and gives the template of its pods. */
    const release = async (version: string, backend: string): Promise<unknown> => {
      await writeChart(chart, { name: 'store', version }, { 'deployment.yaml': JSON.stringify(store) });
      const words = ['upgrade', '--install', 'store', chart, '-n', namespace, '--set', `backend=${backend}`];
      await run('helm', words, { env });
      return template();
    };
    const template = async (): Promise<unknown> => {
      await settled('store');
      return JSON.parse(await field('deployment/store', '.spec.template'));
    };
    const good = await release('0.1.0', 'https://backend.example.net');
    await processIo().sleep(1100);
    const bad = await release('0.2.0', 'https://c2.example.net');
    expect(bad).to.not.deep.equal(good);
    const [hurt = ''] = await podsOf('store');
    const first = await firstOf([hurt]);
    expect([first.source, first.what]).to.deep.equal(['helm', 'Helm revision 1 -> 2']);
    expect(first.fields.map(({ path }) => path)).to.deep.equal([
      'chart.version',
      'values.backend',
      'manifest',
    ]);
    expect(JSON.stringify(first)).to.not.contain('example.net');
    expect(first.rollback).to.equal(`helm rollback store 1 -n ${namespace}`);
    await paste(first.rollback, env);
    expect(await template()).to.deep.equal(good);
    const [mended = ''] = await podsOf('store');
    expect(await field(`pod/${mended}`, '.spec.containers[0].env[0].value')).to.equal(
      'https://backend.example.net',
    );
  });
});
