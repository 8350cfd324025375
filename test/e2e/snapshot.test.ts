import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseExecutables } from '../../src/artifacts/executable.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { ProcessTable, type ProcessRecord } from '../../src/artifacts/process-table.ts';
import { SocketTable, type SocketRecord } from '../../src/artifacts/socket-table.ts';
import { itemName } from '../../src/evidence/item-record.ts';
import { openAcquisition, type AcquisitionReader } from '../../src/evidence/reader.ts';
import { processIo } from '../../src/output/io.ts';
import { attempt, run, type Outcome } from '../cluster/run.ts';
import { expectFurniture } from './furniture.ts';

const namespace = 'e2e-snapshot';
const { env } = processIo();
const image = env['KUBECTL_IR_COLLECTOR_IMAGE'] ?? 'lab.local/collector:1';
const limit = 64 * 1024 * 1024;
/** Runs what an intruder would: a program whose file is gone, and a connection. */
const planted = `
cp /bin/busybox /tmp/sleep; /tmp/sleep 3600 & sleep 0.2; rm /tmp/sleep
nc -l -p 4444 -e sleep 3600 & sleep 0.5
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
  readonly gaps: readonly { readonly name: string; readonly outcome: string }[];
}

/** The nodes of the test cluster; another cluster gives its own by this command's tests of the API. */
const nodes = ['node-a', 'node-b'];

const kubectl = (args: readonly string[], input?: string): Promise<string> =>
  run('kubectl', args, input === undefined ? {} : { input });
const onNode = (node: string, script: string): Promise<Outcome> =>
  attempt(process.execPath, [resolve('test/cluster/main.ts'), 'shell', node, 'sh', '-c', script]);

describe('kubectl ir snapshot node', function () {
  this.timeout(120_000);
  let dir: string;

  before(async function () {
    if ((await onNode('node-a', 'true')).code !== 0) this.skip();
    dir = await mkdtemp(join(tmpdir(), 'e2e-snapshot-'));
    await kubectl(['create', 'namespace', namespace]);
    await kubectl(
      ['apply', '-f', '-'],
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: nodes.map(pod) }),
    );
    await kubectl(['wait', 'pods', '--all', '-n', namespace, '--for=condition=Ready', '--timeout=60s']);
  });
  after(async () => {
    await rm(dir, { recursive: true, force: true });
    await kubectl(['delete', 'namespace', namespace, '--wait=false', '--ignore-not-found']);
  });

  for (const node of nodes)
    it(`finds what hides on ${node} and leaves no trace of its own`, async () => {
      await onNode(
        node,
        `touch -d 2001-01-01 /etc/cron.d/"$(printf '%s' '${hostile.replaceAll("'", `'\\''`)}')" && sleep 1.1 && touch /root/mark`,
      );
      const { stdout, stderr, code } = await attempt('kubectl', [
        ...[
          'ir',
          'snapshot',
          'node',
          node,
          '--case',
          join(dir, node),
          '--collector-image',
          image,
          '-o',
          'json',
        ],
      ]);
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

  it('names a node that is near when there is none', async () => {
    const { code, stderr } = await attempt('kubectl', [
      'ir',
      'snapshot',
      'node',
      'node-aa',
      '--case',
      join(dir, 'none'),
    ]);
    expect(code).to.equal(1);
    expect(stderr).to.match(/^error: node "node-aa" not found; nearest: node-a$/m);
  });

  it('leaves no collector behind', async () => {
    expect(await kubectl(['get', 'pods', '-n', 'kubectl-ir', '-o', 'name'])).to.equal('');
  });
});

function pod(node: string): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `planted-${node}`, namespace },
    spec: {
      nodeName: node,
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'planted', image: 'lab.local/toolbox:1', command: ['sh', '-c', planted] }],
    },
  };
}

async function podStatus(node: string): Promise<{ uid: string; containerId: string }> {
  const path = '{.metadata.uid} {.status.containerStatuses[0].containerID}';
  const text = await kubectl(['get', 'pod', `planted-${node}`, '-n', namespace, '-o', `jsonpath=${path}`]);
  const [uid = '', container = ''] = text.split(' ');
  return { uid, containerId: container.replace(/^containerd:\/\//, '') };
}

/** Every item in the tar has the sha256 that items.jsonl says, and is where it says. */
async function expectWhole(acquisition: AcquisitionReader): Promise<void> {
  const listed = await run('tar', [
    '-tf',
    join(acquisition.dir, acquisition.info.tar.name),
    '--quoting-style=escape',
  ]);
  const members = acquisition.items.filter((item) => item.offset !== undefined);
  expect(listed.trim().split('\n')).to.have.length(members.length);
  for (const item of members.filter(({ type }) => type === 'file')) {
    const digest = createHash('sha256')
      .update(await acquisition.bytes(item, limit))
      .digest('hex');
    expect(digest, item.name).to.equal(item.sha256);
  }
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
