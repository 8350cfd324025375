import { OperationError } from '../output/errors.ts';
import type { ClusterEntry, ContextEntry, Kubeconfig, UserEntry } from './kubeconfig.ts';

/** kubectl's global flags that choose server and identity; an empty string counts as not given. */
export interface GlobalConnection {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly server?: string;
  readonly token?: string;
  readonly as?: string;
  readonly 'as-uid'?: string;
  readonly 'as-group'?: readonly string[];
  readonly 'certificate-authority'?: string;
  readonly 'client-certificate'?: string;
  readonly 'client-key'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
  readonly 'request-timeout'?: string;
}

/** Server and identity that kubeconfig and flags together choose. No file has been read and no plugin run for it yet. */
export interface Connection {
  /** Empty when there is no context. */
  readonly contextName: string;
  readonly namespace: string;
  readonly server: URL;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
}

/**
 * Applies the flags to the kubeconfig, with the rules of client-go's clientcmd: `--context`, `--cluster` and `--user` choose
 * entries, the others replace fields; a CA flag replaces both CA file and data, `--server` drops the TLS server name, `--token`
 * the token file. Without any cluster the server is kubectl's `http://localhost:8080`. Unlike in kubectl, a context whose
 * cluster or user is not defined is an error, not localhost or an anonymous user. Throws OperationError.
 */
export function resolveConnection(config: Kubeconfig, flags: GlobalConnection): Connection {
  const contextName = given(flags.context) ?? config.currentContext ?? '';
  const context = contextOf(config, contextName);
  const userName = given(flags.user) ?? context.user ?? '';
  const clusterName = given(flags.cluster) ?? context.cluster ?? '';
  const cluster = clusterOf(config, clusterName, flags);
  const user = userOf(config, userName, flags);
  checkUser(user, userName);
  checkCluster(cluster, clusterName);
  return {
    contextName,
    namespace: given(flags.namespace) ?? context.namespace ?? 'default',
    server: serverUrl(cluster, user),
    cluster,
    user,
  };
}

/** True when nothing says where the server is, so that the service account of the pod we run in may be tried. */
export function isUnconfigured(config: Kubeconfig, flags: GlobalConnection): boolean {
  const chosen = [flags.context, flags.cluster, flags.user, flags.server].map(given);
  return config.clusters.size === 0 && config.contexts.size === 0 && chosen.every((flag) => !flag);
}

function contextOf(config: Kubeconfig, name: string): ContextEntry {
  const context = name === '' ? {} : config.contexts.get(name);
  if (context === undefined) {
    const known = [...config.contexts.keys()];
    throw new OperationError(`context "${name}" does not exist`, {
      advice: known.length === 0 ? 'the kubeconfig has no contexts' : `contexts: ${known.join(', ')}`,
    });
  }
  return context;
}

function clusterOf(config: Kubeconfig, name: string, flags: GlobalConnection): ClusterEntry {
  const server = given(flags.server);
  const found = config.clusters.get(name);
  if (found === undefined && name !== '' && server === undefined) {
    throw new OperationError(`cluster "${name}" does not exist`);
  }
  const entry = found ?? { insecureSkipTlsVerify: false };
  const chosen = server ?? entry.server ?? (name === '' ? 'http://localhost:8080' : undefined);
  if (chosen === undefined) throw new OperationError(`no server found for cluster "${name}"`);
  const authority = given(flags['certificate-authority']);
  const insecure = flags['insecure-skip-tls-verify'] === true;
  const serverName = given(flags['tls-server-name']);
  return {
    ...entry,
    server: chosen,
    ...(authority !== undefined || insecure
      ? {
          certificateAuthority: authority,
          certificateAuthorityData: undefined,
          insecureSkipTlsVerify: insecure,
        }
      : {}),
    ...(serverName !== undefined || server !== undefined ? { tlsServerName: serverName } : {}),
  };
}

function userOf(config: Kubeconfig, name: string, flags: GlobalConnection): UserEntry {
  const none: UserEntry = { asGroups: [], asExtra: {} };
  const entry = config.users.get(name) ?? (name === '' ? none : undefined);
  if (entry === undefined) throw new OperationError(`auth info "${name}" does not exist`);
  const certificate = given(flags['client-certificate']);
  const key = given(flags['client-key']);
  const token = given(flags.token);
  const groups = flags['as-group'] ?? [];
  return {
    ...entry,
    ...(certificate === undefined
      ? {}
      : { clientCertificate: certificate, clientCertificateData: undefined }),
    ...(key === undefined ? {} : { clientKey: key, clientKeyData: undefined }),
    ...(token === undefined ? {} : { token, tokenFile: undefined }),
    as: given(flags.as) ?? entry.as,
    asUid: given(flags['as-uid']) ?? entry.asUid,
    asGroups: groups.length > 0 ? groups : entry.asGroups,
  };
}

function checkUser(user: UserEntry, name: string): void {
  const hasCertificate = user.clientCertificate !== undefined || user.clientCertificateData !== undefined;
  const hasKey = user.clientKey !== undefined || user.clientKeyData !== undefined;
  if (hasCertificate && !hasKey) {
    throw new OperationError(
      `client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`,
    );
  }
  const details = user.asUid !== undefined || user.asGroups.length + Object.keys(user.asExtra).length > 0;
  if (user.as === undefined && details) {
    throw new OperationError(`requesting uid, groups or user-extra for ${name} without impersonating a user`);
  }
}

function checkCluster(cluster: ClusterEntry, name: string): void {
  const hasAuthority =
    cluster.certificateAuthority !== undefined || cluster.certificateAuthorityData !== undefined;
  if (cluster.insecureSkipTlsVerify && hasAuthority) {
    throw new OperationError(
      `specifying a root certificates file with the insecure flag is not allowed (cluster "${name}")`,
    );
  }
}

/** client-go's rule for a server without a scheme: https when anything of TLS is configured, else http. */
function serverUrl(cluster: ClusterEntry, user: UserEntry): URL {
  const text = cluster.server ?? '';
  const tls =
    cluster.certificateAuthority !== undefined ||
    cluster.certificateAuthorityData !== undefined ||
    cluster.insecureSkipTlsVerify ||
    user.clientCertificate !== undefined ||
    user.clientCertificateData !== undefined;
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${tls ? 'https' : 'http'}://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new OperationError(`the server "${text}" is not an http or https URL`);
  }
  return url;
}

function given(flag: string | undefined): string | undefined {
  return flag === '' ? undefined : flag;
}
