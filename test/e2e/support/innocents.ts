import { calling, debugging, holdBpf } from './syscalls.ts';
import { pod, type PodParts } from './workload.ts';

/** Where the twins of what an intruder plants are. */
export const twins = 'e2e-findings-twins';
/** Where ordinary workloads of a system are. */
export const ordinary = 'e2e-findings-ordinary';

type Twin = Pick<PodParts, 'command' | 'container' | 'spec' | 'volume'>;
const shell = (script: string): readonly string[] => ['sh', '-c', script];
const hostPath = (path: string, mount: object): Pick<Twin, 'container' | 'spec'> => ({
  container: { volumeMounts: [{ name: 'place', ...mount }] },
  spec: { volumes: [{ name: 'place', hostPath: { path, type: 'DirectoryOrCreate' } }] },
});

/** Pods in the shape of those of the intruder, by the names that these have there. */
const pods: Readonly<Record<string, Twin>> = {
  // Sees all processes of the node, and enters none.
  escaped: { command: ['sleep', '40204'], spec: { hostPID: true } },
  // In namespaces of another container, each in its own cgroup.
  leaver: {
    command: ['sleep', '40206'],
    spec: { shareProcessNamespace: true },
  },
  // Shut in, as daemons do, within its own file system.
  chrooted: {
    command: shell(
      'mkdir -p /var/jail/bin && cp /bin/busybox /var/jail/bin/ && exec chroot /var/jail /bin/busybox sleep 40208',
    ),
  },
  descriptor: { command: ['sleep', '40209'], container: { workingDir: '/proc' } },
  // A directory of its own, and /etc to read.
  mounter: {
    command: ['sleep', '40210'],
    container: {
      volumeMounts: [
        { name: 'data', mountPath: '/data' },
        { name: 'etc', mountPath: '/node/etc', readOnly: true },
        { name: 'journal', mountPath: '/journal' },
      ],
    },
    spec: {
      volumes: [
        { name: 'data', hostPath: { path: '/var/lib/example', type: 'DirectoryOrCreate' } },
        { name: 'etc', hostPath: { path: '/etc' } },
        { name: 'journal', hostPath: { path: '/run/systemd/journal' } },
      ],
    },
  },
  // Reads the log of the kernel, which is a device too.
  disk: {
    command: shell('exec 3</dev/kmsg; exec sleep 40211'),
    container: { securityContext: { privileged: true } },
  },
  // A filter of its own sockets.
  tracer: {
    command: ['perl', '-e', holdBpf(1, 40212)],
    container: { securityContext: { capabilities: { add: ['BPF', 'PERFMON', 'SYS_ADMIN'] } } },
  },
  sniffer: { command: shell('tail -f /dev/null | talk capture') },
  drifter: { command: shell('while :; do date >>/var/log/dates; sleep 10; done') },
  masquerader: { command: ['perl', '-e', calling('[cache manager]', 40216)] },
  preloader: {
    command: ['sleep', '40217'],
    container: { env: [{ name: 'LD_PRELOAD', value: '/usr/lib/x86_64-linux-gnu/libjemalloc.so.2' }] },
  },
  writer: {
    command: ['sleep', '40224'],
    ...hostPath('/etc/cron.d', { mountPath: '/cron.d', readOnly: true }),
  },
  thief: { command: shell('exec 3</var/run/secrets/kubernetes.io/serviceaccount/token; exec sleep 40225') },
  asker: { command: shell('while :; do sleep 40 | nc 198.51.100.80 80; done') },
  // Each debugs its own.
  debugger: { command: shell(`sleep 40226 & exec perl -e '${debugging(40227)}' $!`) },
  // Started for each connection, as by inetd; somebody is connected.
  shell: {
    command: shell('nc -ll -p 7 -e cat & sleep 1; sleep 40228 | nc "$POD_IP" 7'),
    container: {
      env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
    },
  },
  stager: { command: shell('exec sh -c "curl -s -o /tmp/page http://198.51.100.80/; exec sleep 40229"') },
};

/** The twins of the intruder's pods on a node. */
export function twinPods(node: string, image: string): object[] {
  return Object.entries(pods).map(([name, parts]) => pod(name, { image, node, ...parts }));
}
