import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ActResult, Isolation } from '../../src/containment/isolation.ts';
import { attempt, type Outcome } from '../cluster/run.ts';
import { image, imageOf } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { ours } from './support/traces.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from './support/workload.ts';
import { eventually, kubectl, kubectlIr } from './support/world.ts';

const namespace = 'e2e-identity';
const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' } as const;
const subject = (name: string): object => ({ kind: 'ServiceAccount', name, namespace });

describe('isolate --cut-identity', function () {
  requires(this, image('collector-full'), image('toolbox'));
  this.timeout(120_000);
  let dir: string;
  let server: string;
  let tokens: { readonly bot: string; readonly peer: string };

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-identity-'));
    await createNamespace(namespace);
    const robot = {
      image: imageOf('toolbox'),
      command: ['sleep', '3600'],
      spec: { serviceAccountName: 'robot' },
    };
    const metadata = {
      name: 'robot',
      labels: { team: 'a' },
      annotations: { 'example.org/kept': 'as it is' },
    };
    await apply(namespace, [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata, imagePullSecrets: [{ name: 'registry' }] },
      {
        ...rbac,
        ...{ kind: 'Role', metadata: { name: 'maps' } },
        rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list', 'create'] }],
      },
      {
        ...rbac,
        ...{ kind: 'RoleBinding', metadata: { name: 'maps' } },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'maps' },
        subjects: [subject('first'), subject('robot'), subject('last')],
      },
      pod('bot', robot),
      pod('peer', robot),
    ]);
    await untilReady(namespace);
    server = await kubectl([
      'config',
      'view',
      '--raw',
      '--minify',
      '-o',
      'jsonpath={.clusters[0].cluster.server}',
    ]);
    tokens = { bot: await mounted('bot'), peer: await mounted('peer') };
  });
  after(async () => {
    await kubectlIr(['release', 'bot', '--yes', '-n', namespace]);
    await removeNamespaces(namespace);
    await rm(dir, { recursive: true, force: true });
  });

  function mounted(name: string): Promise<string> {
    const path = '/var/run/secrets/kubernetes.io/serviceaccount/token';
    return kubectl(['exec', '-n', namespace, name, '--', 'cat', path]);
  }
  /** kubectl with a token and nothing else. */
  function withToken(token: string, words: readonly string[]): Promise<Outcome> {
    const connection = ['--kubeconfig=/dev/null', '--insecure-skip-tls-verify', `--server=${server}`];
    return attempt('kubectl', [...words, '-n', namespace, `--token=${token}`, ...connection]);
  }
  const reads = (token: string): Promise<Outcome> => withToken(token, ['get', 'configmaps']);
  const writes = (token: string): Promise<Outcome> =>
    withToken(token, ['create', 'configmap', 'tried', '--dry-run=server']);
  async function may(token: string): Promise<{ read: boolean; write: boolean }> {
    return { read: (await reads(token)).code === 0, write: (await writes(token)).code === 0 };
  }
  /** Cuts the identity of the pod, and leaves its network alone to be quick; the act as it went. */
  async function cut(way: string): Promise<ActResult | undefined> {
    const skip = ['--skip', 'cut,inside,deny,detach'];
    const words = ['isolate', 'bot', '--yes', '-n', namespace, '--cut-identity', way, ...skip, '-o', 'json'];
    const done = await kubectlIr([...words, '--case', join(dir, way)]);
    expect(done.code, done.stderr).to.be.oneOf([3, 4]);
    return (JSON.parse(done.stdout) as Isolation).actions.find(({ kind }) => kind === way);
  }
  async function release(): Promise<void> {
    const done = await kubectlIr(['release', 'bot', '--yes', '-n', namespace]);
    expect(done.code, done.stderr).to.equal(0);
    const uid = await kubectl(['get', 'pod', 'bot', '-n', namespace, '-o', 'jsonpath={.metadata.uid}']);
    expect(await ours({ uid })).to.deep.equal([]);
  }
  const all = { read: true, write: true };
  const none = { read: false, write: false };

  it('says what the pod is to the API server, and what each cut leaves open', async () => {
    expect(await may(tokens.bot)).to.deep.equal(all);
    for (const [way, left] of [
      ['token', /validatingadmissionpolicy\/ir-token-\S+ refuses writes by tokens of this pod; reads go on/],
      [
        'bindings',
        /taken out of rolebinding\/maps in namespace e2e-identity: no reads either, for every pod/,
      ],
      ['account', /all its tokens die within 10 s, for good; these have to be restarted: pod\/peer;/],
    ] as const) {
      const dry = await kubectlIr([
        'isolate',
        'bot',
        '-n',
        namespace,
        '--cut-identity',
        way,
        '--dry-run=server',
      ]);
      expect(dry.code, dry.stderr).to.equal(0);
      expect(dry.stdout)
        .to.match(/rolebinding\/maps in namespace e2e-identity gives role\/maps: list,create configmaps/)
        .and.match(/token in volume kube-api-access-\S+: lives 3607 s .* dies with this pod, which is kept/)
        .and.match(left);
    }
  });

  it('refuses the writes of this pod’s token alone, and no reads', async () => {
    const act = await cut('token');
    expect(act).to.include({ outcome: 'done' });
    expect(await may(tokens.bot)).to.deep.equal({ read: true, write: false });
    expect((await writes(tokens.bot)).stderr).to.include('the pod that this token is bound to is isolated');
    expect(await may(tokens.peer)).to.deep.equal(all);
    await release();
    await eventually('writes again', async () => (await may(tokens.bot)).write);
  });

  it('takes the account out of its bindings, and puts it back in its place', async () => {
    const stored = async (): Promise<unknown> => {
      const text = await kubectl(['get', 'rolebinding', 'maps', '-n', namespace, '-o', 'json']);
      const { metadata, ...rest } = JSON.parse(text) as { metadata: Record<string, unknown> };
      return { ...rest, metadata: { ...metadata, resourceVersion: undefined, managedFields: undefined } };
    };
    const before = await stored();
    expect(await cut('bindings')).to.include({ outcome: 'done' });
    await eventually('no rights', async () => !(await may(tokens.peer)).read);
    expect(await may(tokens.bot)).to.deep.equal(none);
    expect(await kubectl(['get', 'rolebinding', 'maps', '-n', namespace, '-o', 'name'])).to.match(/maps/);
    await release();
    expect(await stored()).to.deep.equal(before);
    await eventually('rights again', async () => (await may(tokens.bot)).write);
  });

  it('makes the account again with what it had, and every token of it is dead', async () => {
    const path = '{.metadata.labels.team} {.metadata.annotations} {.imagePullSecrets[*].name}';
    const fields = (): Promise<string> =>
      kubectl(['get', 'serviceaccount', 'robot', '-n', namespace, '-o', `jsonpath=${path}`]);
    const before = await fields();
    expect(await cut('account')).to.include({ outcome: 'done' });
    for (const token of [tokens.bot, tokens.peer]) {
      await eventually('a dead token', async () =>
        /Unauthorized|logged in/.test((await reads(token)).stderr),
      );
    }
    expect(await fields()).to.equal(before);
    await release();
    const bound = ['--bound-object-kind=Pod', '--bound-object-name=peer'];
    const fresh = await kubectl(['create', 'token', 'robot', '-n', namespace, ...bound]);
    expect(await may(fresh.trim())).to.deep.equal(all);
  });
});
