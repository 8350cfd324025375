import { expect } from 'chai';
import { load, loadAll } from 'js-yaml';
import { InterruptedError, UsageError } from '../../src/output/errors.ts';
import { sleepFor } from '../../src/output/io.ts';
import { command } from '../../src/subcommands/preflight.ts';
import { addNode } from '../collector/fake-kubelet.ts';
import { localNode } from '../collector/local-node.ts';
import { aNode } from '../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';
import { type MemoryIo, memoryIo } from '../support/memory-io.ts';

const defaults = { node: [], pull: false, 'print-rbac': false, 'collector-namespace': 'kubectl-ir' };

describe('preflight', () => {
  let fake: FakeApi;
  beforeEach(async () => {
    fake = await startFakeApi();
    fake.put(aNode('node-a'));
    const labels = { 'pod-security.kubernetes.io/enforce': 'privileged' };
    fake.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kubectl-ir', labels } });
  });
  afterEach(() => fake.close());

  async function preflight(flags: object = {}, namespace = 'prod'): Promise<{ code: number; io: MemoryIo }> {
    const io = memoryIo();
    const global = { server: fake.url, token: 'fake-token', namespace };
    const context = { io, global, signal: new AbortController().signal };
    return { code: await command.start([], { ...defaults, ...flags }, context), io };
  }

  it('says that all is fine, and leaves nothing', async () => {
    const { code, io } = await preflight();
    expect(
      io
        .out()
        .split('\n')
        .map((line) => line.split(/ {3,}/).slice(0, 2).join(' ')),
    ).to.deep.equal([
      'CHECK STATE',
      'user ok',
      'rights ok',
      'namespace ok',
      'nodes ok',
      'collector pod ok',
      '',
    ]);
    expect([code, io.err()]).to.deep.equal([0, '']);
    expect(fake.list('pods')).to.deep.equal([]);
  });

  it('names each missing right, and whom to ask for what', async () => {
    fake.user = { username: 'jane', groups: [] };
    fake.deny({ verb: 'patch', resource: 'pods', namespace: 'prod' });
    const { code, io } = await preflight({ command: 'isolate' });
    expect(code).to.equal(1);
    expect(io.out()).to.match(/rights +fail +missing for isolate/);
    expect(io.err()).to.equal(
      'rights: missing:\n' +
        '  patch pods   in namespace prod\n' +
        'ask a cluster administrator to run: kubectl ir preflight --command isolate -n prod --print-rbac --as jane | kubectl apply -f -\n',
    );
  });

  it('says whom to ask for the namespace, for this user', async () => {
    fake.user = { username: 'jane', groups: [] };
    fake.deny({ verb: 'create', resource: 'namespaces' });
    const { code, io } = await preflight({ command: 'status', 'collector-namespace': 'other' });
    expect(code).to.equal(1);
    expect(io.out()).to.match(/rights +ok.*\n.*absent and you may not create it/);
    expect(io.err()).to.match(
      /^ask .*: kubectl ir preflight --command status -n prod --collector-namespace other --print-rbac --as jane \| kubectl apply -f -$/m,
    );
    const data = await preflight({ command: 'status', 'collector-namespace': 'other', output: 'json' });
    expect(data.io.out()).to.contain('may not create it').and.not.contain('granted');
  });

  it('is partial when some commands can run', async () => {
    fake.deny({ verb: 'create', resource: 'networkpolicies' });
    const { code, io } = await preflight({ output: 'json' });
    expect(code).to.equal(3);
    const { checks } = JSON.parse(io.out()) as { checks: object[] };
    expect(checks[1]).to.include({ check: 'rights', state: 'part', detail: 'missing for isolate, respond' });
  });

  it('makes a user name one word of the line to paste', async () => {
    fake.user = { username: "o'neil; rm -rf /\n", groups: [] };
    fake.deny({ verb: 'patch', resource: 'pods' });
    const { io } = await preflight();
    expect(io.err()).to.include(`--as 'o'\\''neil; rm -rf /\\x0a' | kubectl apply -f -\n`);
  });

  it('pulls on each ready node, or those named, by collectors of which none is left', async () => {
    const local = localNode();
    try {
      addNode(fake, local);
      fake.put(aNode('node-b'));
      const pulled = async (flags: object): Promise<unknown> => {
        const { code, io } = await preflight({
          pull: true,
          output: 'json',
          'collector-image': 'x:1',
          ...flags,
        });
        expect(code, io.err()).to.equal(0);
        expect(fake.list('pods')).to.deep.equal([]);
        const { checks } = JSON.parse(io.out()) as { checks: { check: string; detail: string }[] };
        for (const { detail } of checks.filter(({ check }) => check.startsWith('pull ')))
          expect(detail).to.match(/^x:1 in \d+\.\ds, tools: /);
        return checks.map(({ check }) => check);
      };
      const before = ['user', 'rights', 'namespace', 'nodes'];
      expect(await pulled({})).to.deep.equal([...before, 'pull node-a', 'pull node-b', 'collector pod']);
      expect(await pulled({ node: ['node-b'] })).to.deep.equal([...before, 'pull node-b', 'collector pod']);
      const started = fake.requests.filter(
        ({ method, path, query }) => method === 'POST' && path.endsWith('/pods') && !query.has('dryRun'),
      );
      expect(started).to.have.length(3);
    } finally {
      local.remove();
    }
  });

  it('has removed each collector when it is interrupted while it pulls', async () => {
    fake.put(aNode('node-b'));
    fake.afterCreate('pods', ({ metadata, ...pod }) => ({
      ...pod,
      metadata: { ...metadata, creationTimestamp: new Date().toISOString() },
    }));
    const interrupt = new AbortController();
    let removals = 0;
    fake.hold(async ({ method }) => {
      if (fake.list('pods').length === 2) interrupt.abort(new InterruptedError('stopped by SIGINT'));
      if (method !== 'DELETE') return;
      removals += 1;
      if (removals === 1) await sleepFor(300);
    });
    const global = { server: fake.url, token: 'fake-token', namespace: 'prod' };
    const context = { io: memoryIo(), global, signal: interrupt.signal };
    const failure = await failureOf(command.start([], { ...defaults, pull: true }, context));
    expect(failure).to.be.instanceOf(InterruptedError);
    expect(removals).to.equal(2);
    expect(fake.list('pods')).to.deep.equal([]);
  });

  it('prints what grants the rights', async () => {
    fake.user = { username: 'jane', groups: [] };
    const { code, io } = await preflight({ 'print-rbac': true, command: 'diff' });
    expect(code).to.equal(0);
    const objects = loadAll(io.out()).filter((object) => object !== null) as { kind: string }[];
    expect(objects[0]).to.have.nested.property('metadata.name', 'kubectl-ir');
    expect(objects.map(({ kind }) => kind).sort()).to.deep.equal([
      ...['ClusterRole', 'ClusterRoleBinding', 'Namespace'],
      ...['Role', 'Role', 'RoleBinding', 'RoleBinding'],
    ]);
    expect(JSON.stringify(objects)).to.include('"name":"jane"');
    expect(io.err()).to.equal('');
  });

  it('says that the right to ask kubelets is not among them, and what else it opens', async () => {
    const { io } = await preflight({ 'print-rbac': true, command: 'stats' });
    const said = /^not among these rights: get on nodes\/proxy.* can run commands in every pod\n$/;
    expect(io.err()).to.match(said);
    const [comment = '', ...objects] = io.out().split('---\n');
    expect(comment).to.equal(`# ${io.err()}`);
    expect(objects.join()).not.to.include('nodes/proxy');
  });

  it('says that the pods of a node are of other namespaces too, in one comment whatever their name', async () => {
    const { io } = await preflight({ 'print-rbac': true });
    const [first = '', second = '', third] = io.out().split('\n');
    expect(first).to.match(
      /^# not among .* than prod, for isolate node\/NODE and release node\/NODE; .* -n /,
    );
    expect([second.slice(0, 40), third]).to.deep.equal(['# not among these rights: get on nodes/p', '---']);
    expect(io.err()).to.equal(`${first.slice(2)}\n${second.slice(2)}\n`);
    const odd = await preflight({ 'print-rbac': true, command: 'release' }, 'prod\nkind: x');
    expect(odd.io.out().split('\n---\n')[0]).to.match(
      /^# .* than prod\\x0akind: x, for release node\/NODE; .*$/,
    );
  });

  it('prints YAML', async () => {
    expect(load((await preflight({ output: 'yaml' })).io.out())).to.have.property('kind', 'Preflight');
  });

  it('refuses words, and --node without --pull', async () => {
    const context = { io: memoryIo(), global: {}, signal: new AbortController().signal };
    for (const [words, flags] of [
      [['x'], {}],
      [[], { node: ['a'] }],
    ] as const) {
      const failure = await command
        .start(words, { ...defaults, ...flags }, context)
        .catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(UsageError);
    }
  });
});
