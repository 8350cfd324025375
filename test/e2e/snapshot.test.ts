import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseExecutables } from '../../src/artifacts/executable.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { ProcessTable, type ProcessRecord } from '../../src/artifacts/process-table.ts';
import { SocketTable, type SocketRecord } from '../../src/artifacts/socket-table.ts';
import { itemName } from '../../src/evidence/item-record.ts';
import { type Phase, podPhases, triagePhases } from '../../src/evidence/phases.ts';
import { openAcquisition, type AcquisitionReader } from '../../src/evidence/reader.ts';
import { expectFurniture } from './furniture.ts';
import { image, imageOf, nodeShell } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { ours } from './support/traces.ts';
import { expectWhole } from './support/whole.ts';
import {
  apply,
  connectedTo,
  createNamespace,
  listensOn,
  pod,
  readyWhen,
  removeNamespaces,
  until,
  untilReady,
} from './support/workload.ts';
import { eventually, kubectl, kubectlIr, nodeNames, onNode } from './support/world.ts';

const namespace = 'e2e-snapshot';
const limit = 64 * 1024 * 1024;
/** Runs what an intruder would: a program whose file is gone, and a connection. */
const planted = `
cp /bin/busybox /tmp/sleep; /tmp/sleep 3600 &
${until('[ "$(readlink "/proc/$!/exe")" = /tmp/sleep ]')}; rm /tmp/sleep
nc -l -p 4444 -e sleep 3600 &
${until(listensOn(4444))}
sleep 3600 | nc 127.0.0.1 4444 &
wait`;
/** Name of a cron file of the node, made to harm whoever prints, quotes or splits it. */
const hostile = "zz\n-rf \u001b[2J'$(reboot)";
/** What kubelet and runtime write because a pod starts and ends. */
const ofTheRuntime =
  /^\/(?:proc|sys|dev|run|tmp)\/|^\/var\/(?:log|lib\/(?:kubelet|containerd|cni)|run)\/|^\/etc\/(?:cni|resolv\.conf)/;

interface NodeSnapshot {
  readonly acquisition: string;
  readonly outcome: string;
  readonly counts: Record<string, number>;
  readonly gaps: readonly { readonly name: string; readonly outcome: string; readonly detail?: string }[];
  readonly noCollector?: string;
}

const nodes = await nodeNames();
const [first = ''] = nodes;

describe('kubectl ir snapshot node', function () {
  this.timeout(120_000);

  it('names a node that is near when there is none', async () => {
    const { code, stderr } = await kubectlIr([
      'snapshot',
      'node',
      `${first}a`,
      '--case',
      join(tmpdir(), 'never-made'),
    ]);
    expect(code).to.equal(1);
    expect(stderr).to.include(`error: node "${first}a" not found; nearest: ${first}\n`);
  });

  describe('where something hides', function () {
    requires(this, image('collector'), image('toolbox'), nodeShell());
    let dir: string;
    /** What other tests left that ends by itself. */
    let earlier: readonly string[];

    before(async () => {
      earlier = await ours();
      dir = await mkdtemp(join(tmpdir(), 'e2e-snapshot-'));
      await createNamespace(namespace);
      const container = readyWhen(`[ ! -e /tmp/sleep ] && ${connectedTo(4444)}`);
      const parts = { image: imageOf('toolbox'), command: ['sh', '-c', planted], container };
      await apply(
        namespace,
        nodes.map((node) => pod(`planted-${node}`, { ...parts, node })),
      );
      await untilReady(namespace);
    });
    after(async () => {
      await rm(dir, { recursive: true, force: true });
      await removeNamespaces(namespace);
    });

    for (const node of nodes)
      it(`finds what hides on ${node} and leaves no trace of its own`, async () => {
        await onNode(
          node,
          `touch -d 2001-01-01 /etc/cron.d/"$(printf '%s' '${hostile.replaceAll("'", `'\\''`)}')" && sleep 1.1 && touch /root/mark`,
        );
        const flags = ['--case', join(dir, node), '--collector-image', imageOf('collector'), '-o', 'json'];
        const { stdout, stderr, code } = await kubectlIr(['snapshot', 'node', node, ...flags]);
        const changed = await onNode(
          node,
          'find / -xdev -newercm /root/mark ! -type d; stat -c %X /etc/cron.d/zz*; rm -f /etc/cron.d/zz* /root/mark',
        );
        expect(code, stderr).to.equal(0);
        const snapshot = JSON.parse(stdout) as NodeSnapshot;
        expect(snapshot.outcome).to.equal('complete');
        const acquisition = await openAcquisition(snapshot.acquisition);
        await expectWhole(acquisition);
        await expectFurniture(acquisition, async (line) => (await onNode(node, line)).stdout);
        const { processes, sockets } = await tablesOf(acquisition);
        const status = await podStatus(node);
        const deleted = processes.find(
          (process) => process.deleted && process.arguments.map(String).join(' ') === '/tmp/sleep 3600',
        );
        expect(deleted?.container).to.deep.equal({ podUid: status.uid, containerId: status.containerId });
        expect(
          acquisition.items.find((item) => item.name === `live_response/process/${String(deleted?.pid)}/exe`),
        )
          .to.include({ outcome: 'ok' })
          .and.have.property('size')
          .above(500_000);
        expectConnection(sockets, processes, status.uid);
        const hash = await configHash(node);
        const agent = processes.filter(({ container }) => container.podConfigHash === hash);
        expect(agent.map((process) => process.arguments.map(String))).to.deep.include(['/pause']);
        const cron = acquisition.items.find(
          (item) => itemName(item).toString() === `[root]/etc/cron.d/${hostile}`,
        );
        expect(cron?.outcome).to.equal('ok');
        expect(stdout + stderr).not.to.include('\u001b');
        const written = changed.stdout
          .split('\n')
          .filter((line) => line.startsWith('/') && !ofTheRuntime.test(line));
        expect(written, changed.stderr).to.deep.equal([]);
        expect(changed.stdout.trim().split('\n').at(-1)).to.equal(String(Date.UTC(2001, 0, 1) / 1000));
      });

    it('leaves no collector behind', async () => {
      expect((await ours()).filter((name) => !earlier.includes(name))).to.deep.equal([]);
    });
  });
});

describe('kubectl ir snapshot, where no privileged pod may run', function () {
  this.timeout(120_000);
  requires(this, image('toolbox'));
  const strict = 'e2e-snapshot-strict';
  const policed = 'e2e-snapshot-policed';
  let dir: string;
  let earlier: readonly string[];

  before(async () => {
    earlier = await ours();
    dir = await mkdtemp(join(tmpdir(), 'e2e-snapshot-'));
    await createNamespace(strict, { 'pod-security.kubernetes.io/enforce': 'restricted' });
    await createNamespace(policed);
    await kubectl(['create', '-f', '-'], JSON.stringify(noPrivilegedPods(policed)));
    // Fails once and stays, so that there is a log of the instance before.
    const command = 'echo instance; if [ -e /v/again ]; then sleep 3600; else touch /v/again; exit 1; fi';
    const parts = { image: imageOf('toolbox'), command: ['sh', '-c', command], volume: '/v' };
    await apply(policed, [pod('said', { ...parts, node: first })]);
    const main = '.status.containerStatuses[0]';
    // The count is told of an instance that has not started yet, too, and then of one alone there is a log.
    const path = `jsonpath={${main}.lastState.terminated.exitCode} {${main}.state.running.startedAt}`;
    const again = async (): Promise<boolean> =>
      /^1 \d/.test(await kubectl(['get', 'pod', 'said', '-n', policed, '-o', path]));
    await eventually('the pod failed and runs again', again, 60);
    // The API server takes up a policy a second later or more.
    const privileged = { ...parts, container: { securityContext: { privileged: true } } };
    const words = ['create', '--dry-run=server', '-n', policed, '-f', '-'];
    const refused = async (): Promise<boolean> =>
      kubectl(words, JSON.stringify(pod('privileged', privileged))).then(
        () => false,
        (error: unknown) => String(error).includes('nothing privileged here'),
      );
    await eventually('the policy refuses privileged pods', refused);
  });
  after(async () => {
    await rm(dir, { recursive: true, force: true });
    const policies = 'validatingadmissionpolicies,validatingadmissionpolicybindings';
    await kubectl(['delete', policies, policed, '--ignore-not-found']);
    await removeNamespaces(strict, policed);
  });

  /** What came of a refused snapshot: it says so first, every part that needs a collector is a gap, and the rest is whole. */
  async function expectFallback(
    words: readonly string[],
    collectorNamespace: string,
    reason: RegExp,
    missing: readonly string[],
  ): Promise<AcquisitionReader> {
    const { stdout, stderr, code } = await kubectlIr([
      ...['snapshot', ...words, '--collector-namespace', collectorNamespace, '-o', 'json'],
      ...['--case', join(dir, collectorNamespace)],
    ]);
    expect(code, stderr).to.equal(3);
    const snapshot = JSON.parse(stdout) as NodeSnapshot;
    expect(snapshot.outcome).to.equal('partial');
    expect(snapshot.noCollector).to.match(reason);
    expect(stderr).to.match(new RegExp(`fail +collector .*${reason.source}.*; going on by the API alone`));
    const acquisition = await openAcquisition(snapshot.acquisition);
    await expectWhole(acquisition);
    const gaps = snapshot.gaps.filter(({ name }) => missing.includes(name));
    expect(gaps.map(({ name }) => name)).to.deep.equal(missing);
    for (const { name, outcome, detail } of gaps) {
      expect(outcome, name).to.equal('denied');
      expect(detail, name)
        .to.match(/^no collector: /)
        .and.match(reason);
    }
    const namedGaps = acquisition.items.filter(({ outcome }) => outcome !== 'ok');
    expect(namedGaps.map(({ name }) => name)).to.deep.equal(snapshot.gaps.map(({ name }) => name));
    for (const suffix of ['', '.previous']) {
      const log = `live_response/kubernetes/logs/${policed}/said/main${suffix}.log`;
      const item = acquisition.items.find(({ name }) => name === log);
      expect(item?.outcome, log).to.equal('ok');
      if (item !== undefined)
        expect(String(await acquisition.bytes(item, limit)), log).to.match(/^\S+Z instance\n$/);
    }
    expect(await kubectl(['get', 'pods', '-n', collectorNamespace, '-o', 'name'])).to.equal(
      collectorNamespace === policed ? 'pod/said\n' : '',
    );
    expect((await ours()).filter((name) => !earlier.includes(name))).to.deep.equal([]);
    return acquisition;
  }

  const taken = (acquisition: AcquisitionReader): string[] =>
    acquisition.items.filter(({ outcome }) => outcome === 'ok').map(({ name }) => name);

  it('has of a node what the API server and the kubelet hand out, and names what pod security keeps it from', async () => {
    const acquisition = await expectFallback(
      ['node', first],
      strict,
      /violates PodSecurity "restricted/,
      partsOf(triagePhases),
    );
    expect(taken(acquisition)).to.include.members(
      ['node', 'pods', 'events', 'kubelet/pods', 'kubelet/configz', 'kubelet/stats-summary'].map(
        (name) => `live_response/kubernetes/${name}.json`,
      ),
    );
  });

  it('has of a pod its objects and the logs of both instances, and names which policy keeps it from the rest', async () => {
    const words = ['pod', 'said', '-n', policed];
    const acquisition = await expectFallback(words, policed, /nothing privileged here/, [
      ...partsOf(podPhases.filter((phase) => phase !== 'memory')),
      'live_response/pod-diff.json',
    ]);
    expect(taken(acquisition).filter((name) => !name.includes('/logs/'))).to.include(
      'live_response/kubernetes/pods/said.json',
    );
  });
});

/** The items that stand for parts which need a collector. */
function partsOf(phases: readonly Phase[]): string[] {
  return phases.filter((phase) => phase !== 'cluster').map((phase) => `live_response/phases/${phase}.json`);
}

/** A policy of the API server that refuses privileged pods in a namespace. */
function noPrivilegedPods(namespaceName: string): object {
  const metadata = { name: namespaceName };
  const group = 'admissionregistration.k8s.io/v1';
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
  const expression = '!object.spec.containers.exists(c, c.?securityContext.?privileged.orValue(false))';
  const policy = {
    failurePolicy: 'Fail',
    matchConstraints: { resourceRules: [rule] },
    validations: [{ expression, message: 'nothing privileged here' }],
  };
  const matchResources = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespaceName } },
  };
  const binding = { policyName: namespaceName, validationActions: ['Deny'], matchResources };
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      { apiVersion: group, kind: 'ValidatingAdmissionPolicy', metadata, spec: policy },
      { apiVersion: group, kind: 'ValidatingAdmissionPolicyBinding', metadata, spec: binding },
    ],
  };
}

async function podStatus(node: string): Promise<{ uid: string; containerId: string }> {
  const path = '{.metadata.uid} {.status.containerStatuses[0].containerID}';
  const text = await kubectl(['get', 'pod', `planted-${node}`, '-n', namespace, '-o', `jsonpath=${path}`]);
  const [uid = '', container = ''] = text.split(' ');
  return { uid, containerId: container.replace(/^containerd:\/\//, '') };
}

/** By it the node knows its static pod, of which the API server has but a mirror. */
async function configHash(node: string): Promise<string> {
  const path = "{.metadata.annotations['kubernetes\\.io/config\\.hash']}";
  return kubectl(['get', 'pod', `node-agent-${node}`, '-n', 'kube-system', '-o', `jsonpath=${path}`]);
}

async function tablesOf(
  acquisition: AcquisitionReader,
): Promise<{ processes: ProcessRecord[]; sockets: SocketRecord[] }> {
  const processes = new ProcessTable();
  const sockets = new SocketTable();
  for (const item of acquisition.items) {
    const name = itemName(item);
    if (item.target !== undefined) processes.addLink(name, Buffer.from(item.target));
    else if (item.offset === undefined) continue;
    else if (ProcessTable.wants(name)) processes.addFile(name, await acquisition.bytes(item, limit));
    else if (SocketTable.wants(name)) sockets.add(name, await acquisition.bytes(item, limit));
    else if (item.name === 'live_response/process/executables.txt')
      for (const one of parseExecutables(await acquisition.bytes(item, limit)))
        if (!isMalformed(one)) processes.addExecutable(one);
  }
  const records = processes.records();
  return {
    processes: records,
    sockets: [...sockets.records(records)].filter((one): one is SocketRecord => !isMalformed(one)),
  };
}

/** Both ends of the planted connection are joined to processes of the pod, in the pod's own network namespace. */
function expectConnection(
  sockets: readonly SocketRecord[],
  processes: readonly ProcessRecord[],
  podUid: string,
): void {
  const own = processes.filter((process) => process.container.podUid === podUid);
  const pids = new Set(own.map((process) => process.pid));
  const ends = sockets.filter(
    (one) =>
      'remotePort' in one &&
      one.state === 'ESTABLISHED' &&
      (one.localPort === 4444 || one.remotePort === 4444) &&
      one.pids.some((pid) => pids.has(pid)),
  );
  expect(ends).to.have.length(2);
  expect(new Set(ends.map((end) => end.namespace))).to.deep.equal(
    new Set([own.find((process) => process.deleted)?.namespaces.get('net')]),
  );
}
