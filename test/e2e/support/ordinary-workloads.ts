import { imageOf } from '../../support/offer.ts';

/** Something that systems run, as its manifest has it. */
interface Workload {
  readonly name: string;
  readonly kind: 'DaemonSet' | 'Deployment' | 'StatefulSet' | 'CronJob';
  readonly image: 'toolbox' | 'shop';
  readonly script?: string;
  /** Places of the node, by where they are mounted; `:ro` behind those that are only read, `:shared` where mounts come back. */
  readonly places?: Readonly<Record<string, string>>;
  readonly container?: object;
  readonly spec?: object;
}

const network = { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' } as const;
const capabilities = (...add: readonly string[]): object => ({ securityContext: { capabilities: { add } } });
const privileged = { securityContext: { privileged: true } } as const;

const workloads: readonly Workload[] = [
  {
    name: 'network',
    kind: 'DaemonSet',
    image: 'toolbox',
    script: 'cp /usr/sbin/ip /plugins/example; /usr/sbin/ip monitor >/dev/null & exec sleep 40301',
    places: {
      '/plugins': '/opt/cni/bin',
      '/config': '/etc/cni/net.d',
      '/run/xtables.lock': '/run/xtables.lock',
    },
    container: capabilities('NET_ADMIN', 'NET_RAW'),
    spec: network,
  },
  {
    name: 'metrics-of-nodes',
    kind: 'DaemonSet',
    image: 'toolbox',
    script:
      'while :; do cat /host/proc/stat /host/proc/[0-9]*/stat /host/root/etc/os-release >/dev/null 2>&1; sleep 5; done',
    places: { '/host/proc': '/proc:ro', '/host/sys': '/sys:ro', '/host/root': '/:ro' },
    spec: { ...network, hostPID: true },
  },
  {
    name: 'volumes',
    kind: 'DaemonSet',
    image: 'toolbox',
    script: `mkdir -p /var/lib/kubelet/plugins/csi.example/mount
mount -t tmpfs -o size=1m tmpfs /var/lib/kubelet/plugins/csi.example/mount; exec sleep 40303`,
    places: { '/var/lib/kubelet': '/var/lib/kubelet:shared', '/dev': '/dev' },
    container: privileged,
  },
  {
    name: 'logs',
    kind: 'DaemonSet',
    image: 'toolbox',
    // Not to its own log, which it would read again.
    script: 'exec tail -n 0 -F /var/log/pods/*/*/*.log /var/log/syslog >/dev/null',
    places: { '/var/log': '/var/log:ro' },
  },
  {
    name: 'proxy',
    kind: 'DaemonSet',
    image: 'toolbox',
    script: 'while :; do nft list ruleset >/dev/null; sleep 10; done',
    places: { '/lib/modules': '/lib/modules:ro' },
    container: privileged,
    spec: network,
  },
  {
    name: 'operator',
    kind: 'Deployment',
    image: 'toolbox',
    script: `exec 3</var/run/secrets/kubernetes.io/serviceaccount/token
while :; do sleep 600 | nc "$KUBERNETES_SERVICE_HOST" 443; sleep 1; done`,
    container: {
      securityContext: { runAsUser: 1000, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
    spec: { serviceAccountName: 'operator' },
  },
  {
    name: 'backup',
    kind: 'CronJob',
    image: 'toolbox',
    script: 'tar -cf /target/etc.tar -C /node/etc . 2>/dev/null; exec sleep 40307',
    places: { '/node/etc': '/etc:ro', '/target': '/var/lib/example' },
  },
  {
    name: 'toolbox',
    kind: 'Deployment',
    image: 'toolbox',
    script: 'cp /bin/busybox /tmp/; /tmp/busybox sleep 40308 & exec bash -c "while :; do sleep 5; done"',
    container: capabilities('NET_ADMIN', 'NET_RAW', 'SYS_PTRACE'),
  },
  {
    name: 'database',
    kind: 'StatefulSet',
    image: 'toolbox',
    // As databases do: a file for sorting that has no name, and shared memory.
    script: `exec 3>/data/sort; rm /data/sort; echo page >&3; echo page >/dev/shm/segment; exec sleep 40309`,
    container: { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
    spec: {
      securityContext: { runAsUser: 1000, fsGroup: 1000 },
      volumes: [{ name: 'data', emptyDir: {} }],
    },
  },
  {
    name: 'web',
    kind: 'Deployment',
    image: 'shop',
    script: `mkdir /var/www/cgi-bin; printf '#!/bin/sh\\necho; exec sleep 40310\\n' >/var/www/cgi-bin/report
chmod 755 /var/www/cgi-bin/report; httpd -p 8080 -h /var/www; sleep 1; exec curl -s http://127.0.0.1:8080/cgi-bin/report`,
  },
];

/** The controllers whose pods run by themselves, as `kind/name`. */
export const rollouts = workloads
  .filter(({ kind }) => kind !== 'CronJob')
  .map(({ kind, name }) => `${kind.toLowerCase()}/${name}`);

/** A binding of the whole cluster, which does not go with the namespace. */
export const operatorBinding = 'e2e-findings-operator';

/** The account of the operator, which reads every Secret and runs pods everywhere, as operators do. */
export function ordinaryAccounts(namespace: string): object[] {
  const group = 'rbac.authorization.k8s.io';
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'operator' } },
    {
      apiVersion: `${group}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: operatorBinding },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'operator', namespace }],
    },
  ];
}

/** Ten workloads of a system, on one node. */
export function ordinaryWorkloads(node: string): object[] {
  return workloads.map((workload) => objectOf(workload, node));
}

function objectOf({ name, kind, ...facts }: Workload, node: string): object {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: specOf(facts, node) };
  const controller = { apiVersion: 'apps/v1', kind, metadata: { name } };
  const selector = { matchLabels: labels };
  switch (kind) {
    case 'CronJob':
      return {
        apiVersion: 'batch/v1',
        kind,
        metadata: { name },
        spec: {
          schedule: '0 3 * * *',
          jobTemplate: {
            spec: { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } },
          },
        },
      };
    case 'StatefulSet':
      return { ...controller, spec: { selector, template, serviceName: name } };
    default:
      return { ...controller, spec: { selector, template } };
  }
}

function specOf(
  { image, script, places = {}, container, spec }: Omit<Workload, 'name' | 'kind'>,
  node: string,
): object {
  const mounted = Object.entries(places).map(([mountPath, place], index) => ({
    mount: {
      name: `place-${index}`,
      mountPath,
      ...(place.endsWith(':ro') ? { readOnly: true } : {}),
      mountPropagation: place.endsWith(':shared') ? 'Bidirectional' : 'HostToContainer',
    },
    volume: {
      name: `place-${index}`,
      hostPath: {
        path: place.replace(/:(?:ro|shared)$/, ''),
        ...(place.endsWith('.lock') ? { type: 'FileOrCreate' } : { type: 'DirectoryOrCreate' }),
      },
    },
  }));
  return {
    nodeSelector: { 'kubernetes.io/hostname': node },
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'main',
        image: imageOf(image),
        ...(script === undefined ? {} : { command: ['sh', '-c', script] }),
        ...(mounted.length === 0 ? {} : { volumeMounts: mounted.map(({ mount }) => mount) }),
        ...container,
      },
    ],
    ...(mounted.length === 0 ? {} : { volumes: mounted.map(({ volume }) => volume) }),
    ...spec,
  };
}
