import { blindDiff, containerDiff } from '../../src/filesystem/container-diff.ts';
import { changesOf } from '../../src/filesystem/changes.ts';
import type { Change, ContainerDiff, PodDiff } from '../../src/filesystem/pod-diff.ts';

export const target = {
  name: 'web',
  id: 'a'.repeat(64),
  runtime: 'containerd',
  image: 'shop:1',
  imageID: 'shop@x',
  state: 'running',
} as const;
const facts = {
  type: 'file',
  mode: '0755',
  uid: 0,
  gid: 0,
  size: 260_000,
  mtime: '2026-11-22T04:00:00.000000000Z',
  ctime: '2026-11-22T04:12:07.112345678Z',
} as const;
export const changes: readonly Change[] = [
  {
    ...facts,
    path: '/usr/bin/curl',
    change: 'modified',
    sha256: 'b'.repeat(64),
    content: 'elf',
    before: { ...facts, sha256: 'c'.repeat(64) },
    flags: ['executable', 'mtime-spoofed'],
  },
  {
    ...facts,
    path: '/srv/up.php',
    change: 'added',
    size: 3000,
    ctime: '2026-11-22T04:12:10.020000000Z',
    flags: [],
  },
  {
    ...facts,
    path: '/etc/passwd',
    change: 'metadata',
    mode: '0666',
    size: 900,
    ctime: '2026-11-22T04:12:10.220000000Z',
    before: { ...facts, mode: '0644' },
    flags: ['world-writable'],
  },
  {
    path: '/etc/motd',
    change: 'deleted',
    type: 'file',
    before: facts,
    notAfter: '2026-11-22T04:12:11.031000000Z',
    flags: [],
  },
  { ...facts, path: '/data', change: 'added', type: 'directory', flags: ['runtime'] },
];
export const process = {
  pid: 17,
  name: 'miner',
  executable: '/tmp/\\x1b[2Jminer',
  reason: 'deleted',
  size: 1_258_291,
  started: '2026-11-22T04:12:12.400000000Z',
} as const;
const mounts = [
  { path: '/var/cache', type: 'ext4', source: '/dev/sda', readOnly: false, nodePath: '/var/lib/kubelet/x' },
];
export const whole = containerDiff(target, {
  driver: 'overlay',
  changes: changesOf(changes),
  mounts,
  processes: [process],
  openFiles: [],
  namespaces: [],
  blind: [],
  capabilities: true,
});
export const blind = blindDiff({ ...target, name: 'side' }, [
  { what: 'container', why: 'it has ended', instead: 'keep the pod' },
]);
export const diff = (...containers: ContainerDiff[]): PodDiff => ({
  apiVersion: 'kubectl-ir/v1',
  kind: 'PodDiff',
  pod: { namespace: 'prod', name: 'shop', uid: 'u', node: 'node-a' },
  containers,
});

export async function listed(lines: AsyncIterable<string>): Promise<string[]> {
  const list: string[] = [];
  for await (const line of lines) list.push(line);
  return list;
}
