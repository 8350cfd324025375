import path from 'node:path';
import { load } from 'js-yaml';
import { OperationError } from '../output/errors.ts';
import { FieldReader } from './kubeconfig-fields.ts';

/** A cluster entry; paths are absolute or relative to the working directory, data is decoded. */
export interface ClusterEntry {
  readonly server?: string | undefined;
  readonly certificateAuthority?: string | undefined;
  readonly certificateAuthorityData?: Buffer | undefined;
  readonly insecureSkipTlsVerify: boolean;
  readonly tlsServerName?: string | undefined;
  readonly proxyUrl?: string | undefined;
  /** `extensions[name=client.authentication.k8s.io/exec].extension`, passed to credential plugins. */
  readonly execConfig?: unknown;
}

/** A user entry, the same way. */
export interface UserEntry {
  readonly clientCertificate?: string | undefined;
  readonly clientCertificateData?: Buffer | undefined;
  readonly clientKey?: string | undefined;
  readonly clientKeyData?: Buffer | undefined;
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly as?: string | undefined;
  readonly asUid?: string | undefined;
  readonly asGroups: readonly string[];
  readonly asExtra: Readonly<Record<string, readonly string[]>>;
  readonly exec?: ExecPlugin | undefined;
  readonly authProvider?: AuthProvider | undefined;
}

/** A credential plugin (client.authentication.k8s.io). */
export interface ExecPlugin {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly apiVersion: string;
  readonly installHint?: string | undefined;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode?: string | undefined;
}

export interface AuthProvider {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
}

export interface ContextEntry {
  readonly cluster?: string | undefined;
  readonly user?: string | undefined;
  readonly namespace?: string | undefined;
}

export interface Kubeconfig {
  readonly currentContext?: string | undefined;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
}

/**
 * One kubeconfig file (v1 Config of client-go's clientcmd, YAML or JSON). Relative paths are taken from `file`'s directory;
 * a plugin's command only when it has a slash, else it is looked up on PATH. Throws OperationError that names file and field.
 */
export function parseKubeconfig(text: string, file: string): Kubeconfig {
  const root = new FieldReader(file, '', parseYaml(text, file));
  const here = path.dirname(file);
  return {
    currentContext: root.string('current-context'),
    clusters: named(root, 'clusters', 'cluster', file, (entry) => clusterEntry(entry, here, file)),
    users: named(root, 'users', 'user', file, (entry) => userEntry(entry, here, file)),
    contexts: named(root, 'contexts', 'context', file, (entry) => ({
      cluster: entry.string('cluster'),
      user: entry.string('user'),
      namespace: entry.string('namespace'),
    })),
  };
}

/** Several files as one: the first current-context wins, and the first definition of each name, whole. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const first = <T>(pick: (config: Kubeconfig) => ReadonlyMap<string, T>): Map<string, T> =>
    new Map([...configs].reverse().flatMap((config) => [...pick(config)]));
  return {
    currentContext: configs.find((config) => config.currentContext !== undefined)?.currentContext,
    clusters: first((config) => config.clusters),
    users: first((config) => config.users),
    contexts: first((config) => config.contexts),
  };
}

function parseYaml(text: string, file: string): unknown {
  try {
    return text.trim() === '' ? {} : load(text);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    throw new OperationError(`error loading config file "${file}": yaml: ${reason}`);
  }
}

function named<T>(
  root: FieldReader,
  list: string,
  field: string,
  file: string,
  read: (entry: FieldReader) => T,
): Map<string, T> {
  const entries = new Map<string, T>();
  for (const item of root.maps(list)) {
    const name = item.string('name') ?? '';
    if (entries.has(name)) {
      throw new OperationError(`error loading config file "${file}": duplicate name "${name}" in ${list}`);
    }
    entries.set(name, read(item.map(field)));
  }
  return entries;
}

function clusterEntry(entry: FieldReader, here: string, file: string): ClusterEntry {
  const extension = entry
    .maps('extensions')
    .find((item) => item.string('name') === 'client.authentication.k8s.io/exec');
  return {
    server: entry.string('server'),
    certificateAuthority: resolved(entry.string('certificate-authority'), here),
    certificateAuthorityData: decoded(entry, 'certificate-authority-data', file),
    insecureSkipTlsVerify: entry.boolean('insecure-skip-tls-verify'),
    tlsServerName: entry.string('tls-server-name'),
    proxyUrl: entry.string('proxy-url'),
    execConfig: extension?.raw('extension'),
  };
}

function userEntry(entry: FieldReader, here: string, file: string): UserEntry {
  const extra = entry.map('as-user-extra');
  return {
    clientCertificate: resolved(entry.string('client-certificate'), here),
    clientCertificateData: decoded(entry, 'client-certificate-data', file),
    clientKey: resolved(entry.string('client-key'), here),
    clientKeyData: decoded(entry, 'client-key-data', file),
    token: entry.string('token'),
    tokenFile: resolved(entry.string('tokenFile'), here),
    username: entry.string('username'),
    password: entry.string('password'),
    as: entry.string('as'),
    asUid: entry.string('as-uid'),
    asGroups: entry.strings('as-groups'),
    asExtra: Object.fromEntries(extra.keys().map((key) => [key, extra.strings(key)])),
    exec: entry.has('exec') ? execPlugin(entry.map('exec'), here) : undefined,
    authProvider: entry.has('auth-provider') ? authProvider(entry.map('auth-provider')) : undefined,
  };
}

function execPlugin(entry: FieldReader, here: string): ExecPlugin {
  const command = entry.string('command') ?? '';
  return {
    command: /[/\\]/.test(command) ? path.resolve(here, command) : command,
    args: entry.strings('args'),
    env: Object.fromEntries(
      entry.maps('env').map((item) => [item.string('name') ?? '', item.string('value') ?? '']),
    ),
    apiVersion: entry.string('apiVersion') ?? '',
    installHint: entry.string('installHint'),
    provideClusterInfo: entry.boolean('provideClusterInfo'),
    interactiveMode: entry.string('interactiveMode'),
  };
}

function authProvider(entry: FieldReader): AuthProvider {
  const config = entry.map('config');
  return {
    name: entry.string('name') ?? '',
    config: Object.fromEntries(config.keys().map((key) => [key, config.string(key) ?? ''])),
  };
}

function resolved(file: string | undefined, here: string): string | undefined {
  return file === undefined ? undefined : path.resolve(here, file);
}

function decoded(entry: FieldReader, key: string, file: string): Buffer | undefined {
  const text = entry.string(key)?.replace(/\s/g, '');
  if (text === undefined) return undefined;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
    throw new OperationError(`error loading config file "${file}": ${key} is not base64`);
  }
  return Buffer.from(text, 'base64');
}
