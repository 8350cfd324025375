import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openAcquisition } from '../../src/evidence/reader.ts';
import { image, imageOf, nodeShell } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { untilAlone } from './support/alone.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from './support/workload.ts';
import { kubectl, kubectlIr, nodeNames, onNode } from './support/world.ts';

const namespace = 'e2e-footprint';
/** Files that no program of the node reads by itself, and that a snapshot takes. */
const unread = [
  '/etc/sudoers.d/nodeops',
  '/etc/rsyslog.conf',
  '/etc/systemd/system/kubelet.service',
  '/home/nodeops/.ssh/authorized_keys',
  '/home/nodeops/.bash_history',
  '/var/log/dpkg.log',
  '/var/log/wtmp',
] as const;
const mark = '/root/e2e-mark';
/** Everything on the node's own disks that changed since the mark; what the kernel makes up is on no disk. */
const changed = `find / /var/lib/containerd /var/lib/kubelet /run -xdev -newercm ${mark} ! -path '/proc/*' ! -path '/sys/*' 2>/dev/null | sort -u`;
/** Services of the node write their logs whenever they like. */
const ofServices = /^\/(?:var\/log\/(?:[a-z.]+|journal\/.*)|run\/log\/.*|root(?:\/e2e-mark)?|tmp|var\/log)$/;

/** A path without what is another one each time: ids, names of pods, numbers of snapshots. */
function general(path: string): string {
  return path
    .replaceAll(/[0-9a-f]{64}/g, 'ID')
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID')
    .replaceAll(/kubectl-ir_ir-collector-[0-9a-f]{8}|e2e-footprint_control/g, 'POD')
    .replaceAll(/ir-collector-[0-9a-f]{8}|control(?=[_-])/g, 'POD')
    .replaceAll(/(?:kubectl-ir|e2e-footprint)(?=[_-])/g, 'NAMESPACE')
    .replaceAll(/\/containers\/(?:collector|main)(?=\/|$)/g, '/containers/CONTAINER')
    .replaceAll(/\/POD_UID\/(?:collector|main)(?=\/|$)/g, '/POD_UID/CONTAINER')
    .replaceAll(/(?:collector|main)-ID/g, 'CONTAINER-ID')
    .replaceAll(/\/volumes\/kubernetes\.io~[a-z-]+(?:\/.*)?$/g, '/volumes')
    .replaceAll(/\/(?:etc-hosts|plugins)(?:\/.*)?$/g, '/PART')
    .replaceAll(/\d+/g, 'N');
}

const nodes = await nodeNames();

describe('what a snapshot changes on a node', function () {
  requires(this, image('collector'), nodeShell());
  this.timeout(180_000);
  let dir: string;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-footprint-'));
    await createNamespace(namespace);
  });
  after(async () => {
    for (const node of nodes) await onNode(node, `rm -f ${mark}`);
    await removeNamespaces(namespace);
    await rm(dir, { recursive: true, force: true });
  });

  for (const node of nodes)
    it(`is what any pod changes on ${node}, and its footprint, and no time of access`, async () => {
      await untilAlone(node);
      await onNode(node, `touch -a -d 2001-01-01 ${unread.join(' ')}; sleep 1.1; touch ${mark}`);
      const parts = { image: imageOf('collector'), command: ['sleep', '3600'], node, volume: '/spool' };
      await apply(namespace, [pod('control', { ...parts, spec: { hostNetwork: true } })]);
      await untilReady(namespace);
      // While it runs, and after: how much of it is left when we look is up to the kubelet, as it is with ours.
      const running = await changesOn(node);
      await kubectl(['delete', 'pod', 'control', '-n', namespace, '--wait=true']);
      const control = [...running, ...(await changesOn(node))];
      const earlier = await podsOnDisk(node);
      await onNode(node, `sleep 1.1; touch ${mark}`);
      const flags = ['--case', join(dir, node), '--collector-image', imageOf('collector'), '-o', 'json'];
      const { code, stdout, stderr } = await kubectlIr(['snapshot', 'node', node, ...flags]);
      const ours = await changesOn(node);
      const swept = await gone(earlier);
      const times = (await onNode(node, `stat -c %X ${unread.join(' ')}`)).stdout.trim().split('\n');
      expect(code, stderr).to.equal(0);
      const { acquisition } = JSON.parse(stdout) as { acquisition: string };
      const { info } = await openAcquisition(acquisition);
      const recorded = (info.footprint?.['directories'] ?? []) as { path: string }[];
      expect(recorded.length).to.be.greaterThan(1);
      // It is gone with our container, but not at once.
      expect(recorded.filter(({ path }) => /\/snapshots\/\d+$/.test(path))).to.have.length(1);
      const logs = (info.footprint?.['logs'] ?? []) as { path: string; bytes: number }[];
      expect(logs.map(({ path }) => /^\/var\/log\/pods\/.*\/collector\/0\.log$/.test(path))).to.deep.equal([
        true,
      ]);
      expect(logs[0]).to.include({ lines: 0, bytes: 0 });
      const known = new Set(control.map(general));
      const more = ours.filter(
        (path) =>
          !known.has(general(path)) &&
          !swept.some((uid) => path.includes(uid)) &&
          !recorded.some((one) => path === one.path || path.startsWith(`${one.path}/`)),
      );
      expect(more).to.deep.equal([]);
      expect(times).to.deep.equal(unread.map(() => String(Date.UTC(2001, 0, 1) / 1000)));
    });
});

async function changesOn(node: string): Promise<string[]> {
  const { stdout } = await onNode(node, changed);
  return stdout.split('\n').filter((path) => path !== '' && !ofServices.test(path));
}

/** The uids of the pods that have a directory on a node's disk. */
async function podsOnDisk(node: string): Promise<string[]> {
  const { stdout } = await onNode(node, 'ls /var/log/pods /var/lib/kubelet/pods');
  return [...new Set(stdout.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g))];
}

/** Those of the pods that the API server no longer has: the kubelet sweeps up what they left, whenever it likes. */
async function gone(uids: readonly string[]): Promise<string[]> {
  const living = await kubectl(['get', 'pods', '-A', '-o', 'jsonpath={.items[*].metadata.uid}']);
  return uids.filter((uid) => !living.includes(uid));
}
