import { send } from './api.ts';
import { type Layout, network, outside } from './layout.ts';
import { attempt } from './run.ts';

const labels = { 'k8s-app': 'kube-dns' };
const metadata = { name: 'coredns', namespace: 'kube-system' };

/** Names outside of the cluster: one with all that is below it, and no other. */
export const outsideCorefile = `.:53 {
  errors
  template IN A ${outside.c2.name} {
    answer "{{ .Name }} 60 IN A ${outside.c2.address}"
  }
  template IN AAAA ${outside.c2.name} {
    answer "{{ .Name }} 60 IN AAAA ${outside.c2.address6}"
  }
  template ANY ANY ${outside.c2.name} {
    rcode NOERROR
  }
  template ANY ANY {
    rcode NXDOMAIN
  }
}
`;

const clusterCorefile = `.:53 {
  errors
  health
  ready
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    pods insecure
    fallthrough in-addr.arpa ip6.arpa
    ttl 30
  }
  forward . /etc/resolv.conf
  cache 30
}
`;

/**
 * Starts the cluster's DNS, with the names and rights that kubeadm gives it. Once every node has the image: a pull that
 * fails is tried again only after ten seconds.
 */
export async function startDns(layout: Layout): Promise<void> {
  const [rbac, own] = ['/apis/rbac.authorization.k8s.io/v1', `namespaces/${metadata.namespace}`];
  await send(layout, 'POST', `/api/v1/${own}/serviceaccounts`, serviceAccount);
  await send(layout, 'POST', `${rbac}/clusterroles`, role);
  await send(layout, 'POST', `${rbac}/clusterrolebindings`, binding);
  await send(layout, 'POST', `/api/v1/${own}/configmaps`, configuration);
  await send(layout, 'POST', `/api/v1/${own}/services`, service());
  await send(layout, 'POST', `/apis/apps/v1/${own}/deployments`, deployment());
}

/** True when process `pid`, which is on a node, resolves names as the node's pods do: over the Service of the DNS. */
export async function resolvesNames(pid: number): Promise<boolean> {
  const lookUp = ['busybox', 'nslookup', '-type=a', 'kubernetes.default.svc.cluster.local', network.dns];
  return (await attempt('nsenter', [`--net=/proc/${pid}/ns/net`, 'timeout', '0.5', ...lookUp])).code === 0;
}

const serviceAccount = { apiVersion: 'v1', kind: 'ServiceAccount', metadata };

const role = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'system:coredns' },
  rules: [
    { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
  ],
};

const binding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'system:coredns' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:coredns' },
  subjects: [{ kind: 'ServiceAccount', name: metadata.name, namespace: metadata.namespace }],
};

const configuration = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata,
  data: { Corefile: clusterCorefile },
};

function service(): object {
  const port = (name: string, protocol: string): object => ({ name, protocol, port: 53 });
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kube-dns',
      namespace: metadata.namespace,
      labels: { ...labels, 'kubernetes.io/name': 'CoreDNS' },
    },
    spec: {
      selector: labels,
      ipFamilyPolicy: 'RequireDualStack',
      clusterIP: network.dns,
      clusterIPs: [network.dns, network.dns6],
      ports: [port('dns', 'UDP'), port('dns-tcp', 'TCP')],
    },
  };
}

function deployment(): object {
  const port = (name: string, protocol: string): object => ({ name, protocol, containerPort: 53 });
  const container = {
    name: 'coredns',
    image: 'lab.local/coredns:1',
    args: ['-conf', '/etc/coredns/Corefile'],
    ports: [port('dns', 'UDP'), port('dns-tcp', 'TCP')],
    resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
    volumeMounts: [{ name: 'config', mountPath: '/etc/coredns', readOnly: true }],
    livenessProbe: { httpGet: { path: '/health', port: 8080 }, initialDelaySeconds: 60, failureThreshold: 5 },
    // Asked every second, because `up` waits for the answer.
    readinessProbe: { httpGet: { path: '/ready', port: 8181 }, periodSeconds: 1 },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    },
  };
  const config = { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...metadata, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          priorityClassName: 'system-cluster-critical',
          serviceAccountName: metadata.name,
          tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
          dnsPolicy: 'Default',
          containers: [container],
          volumes: [{ name: 'config', configMap: config }],
        },
      },
    },
  };
}
