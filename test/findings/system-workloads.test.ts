import { expect } from 'chai';
import { judge, reaches } from '../../src/findings/judge.ts';
import { rules } from '../../src/findings/rules.ts';
import { capabilityNames } from '../../src/findings/rules/capabilities-beyond-specification.ts';
import {
  bookOf,
  cleanNode,
  containerMountTable,
  nodeMountTable,
  nodeNamespaces,
  podList,
  podObject,
  processItems,
  type ProcessFacts,
  specItems,
  web,
} from './traces-lab.ts';

interface Workload {
  readonly name: string;
  readonly paths?: readonly string[];
  readonly privileged?: boolean;
  readonly hosts?: readonly ('hostPID' | 'hostNetwork')[];
  readonly more?: ProcessFacts;
}

/** What runs on ordinary nodes, by what its manifests ask for. */
const workloads: readonly Workload[] = [
  { name: 'kube-proxy', paths: ['/lib/modules'], privileged: true, hosts: ['hostNetwork'] },
  { name: 'flannel', paths: ['/run/flannel', '/etc/cni/net.d', '/opt/cni/bin'], hosts: ['hostNetwork'] },
  {
    name: 'calico-node',
    paths: ['/lib/modules', '/var/run/calico', '/sys/fs/bpf', '/var/log/calico'],
    privileged: true,
    hosts: ['hostNetwork'],
  },
  {
    name: 'csi-node',
    paths: ['/var/lib/kubelet', '/dev'],
    privileged: true,
    more: { fd: { 0: '/dev/null', 7: '/dev/nvme1n1' } },
  },
  { name: 'node-exporter', paths: ['/proc', '/sys', '/'], hosts: ['hostPID', 'hostNetwork'] },
  { name: 'log-shipper', paths: ['/var/log', '/var/lib/docker/containers'] },
  {
    name: 'problem-detector',
    paths: ['/var/log', '/dev/kmsg'],
    privileged: true,
    more: { fd: { 3: '/dev/kmsg' } },
  },
  {
    name: 'security-agent',
    paths: ['/run/containerd/containerd.sock', '/etc', '/proc'],
    privileged: true,
    hosts: ['hostPID'],
  },
  { name: 'metrics-server', more: { fd: { 0: '/dev/null', 5: 'socket:[901]' } } },
  {
    name: 'web-with-jemalloc',
    more: {
      environ: ['LD_PRELOAD=/usr/lib/x86_64-linux-gnu/libjemalloc.so.2'],
      args: ['nginx: master process'],
    },
  },
];

function itemsOf({ name, paths = [], privileged = false, hosts = [], more }: Workload, index: number) {
  const letter = String.fromCharCode('c'.charCodeAt(0) + index);
  const which = {
    id: letter.charCodeAt(0).toString(16).repeat(32),
    pod: `${String(index).repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`,
  };
  const mounts = paths.map((path, i) =>
    path.startsWith('/run/') || path.startsWith('/var/run/')
      ? `${60 + i} 50 0:5 ${path.replace(/^\/(?:var\/)?run/, '')} /m${i} rw - tmpfs tmpfs rw`
      : `${60 + i} 50 8:1 ${path} /m${i} rw - ext4 /dev/sda1 rw`,
  );
  const base = 1000 + index * 10;
  const container = { securityContext: { privileged } };
  const volumes = paths.map((path) => ({ hostPath: { path } }));
  const spec = { volumes, ...Object.fromEntries(hosts.map((host) => [host, true])) };
  return {
    pod: podObject(which, { name, namespace: 'kube-system', spec, container }),
    items: {
      ...processItems(100 + index, {
        in: which,
        mounts: containerMountTable(...mounts),
        ...(privileged ? { caps: '000001ffffffffff', seccomp: 0 } : {}),
        namespaces: {
          mnt: base,
          ipc: base + 3,
          pid: hosts.includes('hostPID') ? nodeNamespaces.pid : base + 1,
          net: hosts.includes('hostNetwork') ? nodeNamespaces.net : base + 2,
        },
        ...more,
      }),
      ...specItems(
        which,
        privileged
          ? {
              process: { capabilities: { effective: capabilityNames.map((one) => `CAP_${one}`) } },
              linux: { maskedPaths: [], resources: { devices: [{ allow: true, access: 'rwm' }] } },
            }
          : {},
      ),
    },
  };
}

describe('ten ordinary workloads of a system', () => {
  const made = workloads.map(itemsOf);
  const book = bookOf({
    ...cleanNode(),
    ...Object.fromEntries(made.flatMap(({ items }) => Object.entries(items))),
    ...processItems(1, { exe: '/usr/lib/systemd/systemd', mounts: nodeMountTable }),
    '[root]/proc/108/net/tcp':
      'sl a b c d e f g h i\n0: 0303F40A:A45C 0202F40A:280A 01 0:0 0:0 0 0 0 901 1\n',
    'live_response/kubernetes/pods.json': podList(podObject(web), ...made.map(({ pod }) => pod)),
  });
  const docket = book.docket();
  const { findings } = judge(rules, [docket], 'c');

  it('give no critical and no high finding', () => {
    const grave = findings.filter(({ severity }) => reaches(severity, 'high'));
    expect(grave.map(({ rule, subject, seen }) => `${rule} ${subject.pod ?? ''} ${seen}`)).to.deep.equal([]);
  });
  it('are all the same told, so that a reader can weigh them', () => {
    expect(new Set(findings.map(({ rule }) => rule))).to.include.all.keys(
      'privileged-container',
      'writable-node-path',
      'runtime-socket',
      'raw-device',
      'sensitive-endpoint',
      'preload-environment',
    );
  });
});
