import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Io } from '../output/io.ts';
import type { Kubeconfig } from './kubeconfig.ts';

/** Where every pod with a service account has its token, CA and namespace. */
const serviceAccountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The pod's own way to its cluster as a kubeconfig, with client-go's conditions: KUBERNETES_SERVICE_HOST and _PORT are set
 * and there is a token; else undefined. The namespace is POD_NAMESPACE or the one of the token.
 */
export async function inClusterConfig(
  io: Io,
  directory: string = serviceAccountDirectory,
): Promise<Kubeconfig | undefined> {
  const host = io.env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = io.env['KUBERNETES_SERVICE_PORT'] ?? '';
  const token = await readOptional(path.join(directory, 'token'));
  if (host === '' || port === '' || token === undefined) return undefined;
  const authority = path.join(directory, 'ca.crt');
  const fileNamespace = (await readOptional(path.join(directory, 'namespace')))?.trim();
  const namespace = [io.env['POD_NAMESPACE'], fileNamespace].find(
    (name) => name !== undefined && name !== '',
  );
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const hasAuthority = (await readOptional(authority)) !== undefined;
  return {
    currentContext: 'in-cluster',
    contexts: new Map([['in-cluster', { cluster: 'in-cluster', user: 'in-cluster', namespace }]]),
    clusters: new Map([
      [
        'in-cluster',
        {
          server,
          certificateAuthority: hasAuthority ? authority : undefined,
          insecureSkipTlsVerify: false,
        },
      ],
    ]),
    users: new Map([['in-cluster', { tokenFile: path.join(directory, 'token'), asGroups: [], asExtra: {} }]]),
  };
}

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
