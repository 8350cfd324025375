import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { auditPolicy } from './audit-policy.ts';
import { type Layout, network } from './layout.ts';
import { kubeconfigOf } from './pki.ts';

/** One server of the control plane and its command line. */
export interface Server {
  readonly name: string;
  readonly args: readonly string[];
}

/** Writes what the servers read beside their certificates. */
export async function writeControlPlaneFiles(layout: Layout): Promise<void> {
  await mkdir(layout.directory, { recursive: true });
  await writeFile(join(layout.directory, 'audit-policy.json'), JSON.stringify(auditPolicy()));
}

/** etcd and the API server, which start at once and find each other. */
export function storeAndApi(layout: Layout): Server[] {
  const pki = (name: string): string => join(layout.pki, name);
  const etcd = `http://127.0.0.1:${network.etcdPort}`;
  return [
    {
      name: 'etcd',
      args: flags({
        'data-dir': join(layout.directory, 'etcd'),
        'listen-client-urls': etcd,
        'advertise-client-urls': etcd,
        'listen-peer-urls': `http://127.0.0.1:${network.etcdPort + 1}`,
        // The data is thrown away with the cluster.
        'unsafe-no-fsync': 'true',
        'log-level': 'warn',
      }),
    },
    {
      name: 'kube-apiserver',
      args: flags({
        'etcd-servers': etcd,
        'bind-address': '127.0.0.1',
        'advertise-address': network.control,
        'secure-port': network.apiPort,
        'service-cluster-ip-range': `${network.services},${network.services6}`,
        'service-account-issuer': 'https://kubernetes.default.svc',
        'service-account-key-file': pki('service-account.pub'),
        'service-account-signing-key-file': pki('service-account.key'),
        'client-ca-file': pki('ca.crt'),
        'tls-cert-file': pki('kube-apiserver.crt'),
        'tls-private-key-file': pki('kube-apiserver.key'),
        'kubelet-client-certificate': pki('kubelet-client.crt'),
        'kubelet-client-key': pki('kubelet-client.key'),
        'kubelet-certificate-authority': pki('ca.crt'),
        'kubelet-preferred-address-types': 'InternalIP',
        // The machine has no kube-proxy: webhooks are reached at the addresses of their pods.
        'enable-aggregator-routing': 'true',
        'authorization-mode': 'Node,RBAC',
        'enable-admission-plugins': 'NodeRestriction',
        'allow-privileged': 'true',
        'audit-policy-file': join(layout.directory, 'audit-policy.json'),
        'audit-log-path': join(layout.logs, 'audit.log'),
      }),
    },
  ];
}

/** The servers that need a ready API server. */
export function controllers(layout: Layout): Server[] {
  const common = (name: string): Record<string, string | number> => ({
    kubeconfig: kubeconfigOf(layout, name),
    'authentication-kubeconfig': kubeconfigOf(layout, name),
    'authorization-kubeconfig': kubeconfigOf(layout, name),
    'bind-address': '127.0.0.1',
    'leader-elect': 'false',
    // With the defaults the start of the controllers is a queue of 5 s.
    'kube-api-qps': 500,
    'kube-api-burst': 500,
  });
  return [
    {
      name: 'kube-controller-manager',
      args: flags({
        ...common('controller-manager'),
        'service-account-private-key-file': join(layout.pki, 'service-account.key'),
        'root-ca-file': join(layout.pki, 'ca.crt'),
        'cluster-signing-cert-file': join(layout.pki, 'ca.crt'),
        'cluster-signing-key-file': join(layout.pki, 'ca.key'),
        'use-service-account-credentials': 'true',
      }),
    },
    { name: 'kube-scheduler', args: flags(common('scheduler')) },
  ];
}

function flags(values: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}
