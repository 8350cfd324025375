import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Layout, network, type NodePlan } from './layout.ts';
import { policyUser } from './policy.ts';
import { run } from './run.ts';

/** Where nodes reach the API server. */
const remote = `https://${network.control}:${network.apiPort}`;

interface Identity {
  readonly name: string;
  /** Subject as openssl writes it: groups as O, the user as CN. */
  readonly subject: string;
  /** Names it serves under, when it serves. */
  readonly names?: string;
  /** Address of the API server in its kubeconfig; none when it needs no kubeconfig. */
  readonly server?: string;
}

/** Makes the cluster's certificate authority, a key and certificate for each of its parts, and kubeconfigs. */
export async function makePki(layout: Layout, nodes: readonly NodePlan[]): Promise<void> {
  await mkdir(layout.pki, { recursive: true, mode: 0o700 });
  const path = (name: string): string => join(layout.pki, name);
  await run('openssl', [
    ...['req', '-x509', ...newKey, '-keyout', path('ca.key'), '-out', path('ca.crt'), '-days', '3650'],
    ...['-subj', '/CN=kubectl-ir-test-cluster', '-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
  ]);
  await Promise.all([
    ...identities(nodes).map((identity) => issue(layout, identity)),
    run('openssl', ['genrsa', '-out', path('service-account.key'), '2048']).then(() =>
      run('openssl', [
        'rsa',
        '-in',
        path('service-account.key'),
        '-pubout',
        '-out',
        path('service-account.pub'),
      ]),
    ),
  ]);
}

/** The same for one more node of a cluster that is up. */
export function makeNodePki(layout: Layout, node: NodePlan): Promise<void> {
  return issue(layout, nodeIdentity(node));
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'] as const;

/** Path of the kubeconfig of one part of the cluster. */
export function kubeconfigOf(layout: Layout, name: string): string {
  return name === 'admin' ? layout.kubeconfig : join(layout.pki, `${name}.kubeconfig`);
}

function identities(nodes: readonly NodePlan[]): Identity[] {
  const local = `https://127.0.0.1:${network.apiPort}`;
  const apiNames = [
    ...['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'localhost'].map(
      (name) => `DNS:${name}`,
    ),
    ...['127.0.0.1', network.control, network.apiService].map((address) => `IP:${address}`),
  ];
  return [
    { name: 'kube-apiserver', subject: '/CN=kube-apiserver', names: apiNames.join(',') },
    { name: 'kubelet-client', subject: '/O=system:masters/CN=kube-apiserver-kubelet-client' },
    { name: 'admin', subject: '/O=system:masters/CN=kubernetes-admin', server: local },
    { name: 'controller-manager', subject: '/CN=system:kube-controller-manager', server: local },
    { name: 'scheduler', subject: '/CN=system:kube-scheduler', server: local },
    { name: 'kube-proxy', subject: '/CN=system:kube-proxy', server: remote },
    { name: policyUser, subject: `/CN=${policyUser}`, server: remote },
    ...nodes.map(nodeIdentity),
  ];
}

function nodeIdentity(node: NodePlan): Identity {
  return {
    name: node.name,
    subject: `/O=system:nodes/CN=system:node:${node.name}`,
    names: `DNS:${node.name},IP:${node.address},IP:${node.address6}`,
    server: remote,
  };
}

async function issue(layout: Layout, identity: Identity): Promise<void> {
  const path = (ending: string): string => join(layout.pki, `${identity.name}.${ending}`);
  const usage = identity.names === undefined ? 'clientAuth' : 'serverAuth,clientAuth';
  await run('openssl', [
    ...['req', '-x509', ...newKey, '-keyout', path('key'), '-out', path('crt'), '-days', '3650'],
    ...['-CA', join(layout.pki, 'ca.crt'), '-CAkey', join(layout.pki, 'ca.key'), '-subj', identity.subject],
    ...['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', `extendedKeyUsage=${usage}`],
    ...(identity.names === undefined ? [] : ['-addext', `subjectAltName=${identity.names}`]),
  ]);
  if (identity.server === undefined) return;
  const base64 = async (file: string): Promise<string> => (await readFile(file)).toString('base64');
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'test',
        cluster: {
          server: identity.server,
          'certificate-authority-data': await base64(join(layout.pki, 'ca.crt')),
        },
      },
    ],
    users: [
      {
        name: identity.name,
        user: {
          'client-certificate-data': await base64(path('crt')),
          'client-key-data': await base64(path('key')),
        },
      },
    ],
    contexts: [{ name: 'test', context: { cluster: 'test', user: identity.name } }],
    'current-context': 'test',
  };
  await writeFile(kubeconfigOf(layout, identity.name), JSON.stringify(kubeconfig, null, 2), { mode: 0o600 });
}
