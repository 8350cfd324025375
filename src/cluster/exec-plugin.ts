import { spawn } from 'node:child_process';
import { ApiError, OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { isObject } from '../output/is-object.ts';
import type { Connection } from './connection.ts';
import { bearer, readPem } from './credentials.ts';
import type { ClientCertificate, Credentials } from './credentials.ts';
import type { ExecPlugin } from './kubeconfig.ts';
import { unlessAborted } from './unless-aborted.ts';

/** `status` of the ExecCredential that a plugin prints. */
interface PluginStatus {
  readonly token: string | undefined;
  readonly certificate: ClientCertificate | undefined;
  /** Milliseconds since the epoch; Infinity when it never expires. */
  readonly expires: number;
}

/** One run of a plugin, and how many requests wait for its output. */
interface PluginRun {
  readonly result: Promise<PluginStatus>;
  readonly stop: AbortController;
  waiting: number;
}

const supportedVersions = [
  'client.authentication.k8s.io/v1',
  'client.authentication.k8s.io/v1beta1',
  'client.authentication.k8s.io/v1alpha1',
];

/** More than any token or certificate needs. */
const outputLimit = 1 << 20;

/**
 * Credentials from a plugin (Kubernetes docs, "client-go credential plugins"). It is run when they are first needed, and again
 * when they have expired or the server answered 401; requests that need them at the same time share one run, which is ended
 * when the last of them is interrupted. The plugin gets KUBERNETES_EXEC_INFO, our stderr, and the terminal's stdin if its
 * interactiveMode allows that. No shell is involved.
 */
export function pluginCredentials(plugin: ExecPlugin, connection: Connection, io: Io): Credentials {
  checkPlugin(plugin);
  let current: PluginRun | undefined;
  let expires = Infinity;
  const status = async (signal: AbortSignal | undefined): Promise<PluginStatus> => {
    signal?.throwIfAborted();
    if (current === undefined || expires <= io.now().getTime()) {
      expires = Infinity;
      current = startRun(plugin, connection, io);
    }
    const mine = current;
    mine.waiting += 1;
    try {
      const result = await unlessAborted(mine.result, signal);
      if (mine === current) expires = result.expires;
      return result;
    } catch (error) {
      const isLast = mine.waiting === 1;
      if (isLast) mine.stop.abort();
      if (mine === current && (isLast || signal?.aborted !== true)) current = undefined;
      throw error;
    } finally {
      mine.waiting -= 1;
    }
  };
  return {
    authorization: async (signal) => {
      const { token } = await status(signal);
      return token === undefined ? undefined : bearer(token);
    },
    certificate: async (signal) => (await status(signal)).certificate,
    refresh: () => {
      current = undefined;
      return true;
    },
  };
}

function startRun(plugin: ExecPlugin, connection: Connection, io: Io): PluginRun {
  const stop = new AbortController();
  const result = runPlugin(plugin, connection, io, stop.signal);
  // When nobody waits any more the run is ended, and nobody takes its error.
  result.catch(() => undefined);
  return { result, stop, waiting: 0 };
}

function checkPlugin(plugin: ExecPlugin): void {
  if (plugin.command === '')
    throw new OperationError('command must be specified to use exec authentication plugin');
  if (!supportedVersions.includes(plugin.apiVersion)) {
    throw new OperationError(`exec plugin: invalid apiVersion "${plugin.apiVersion}"`);
  }
  const mode = plugin.interactiveMode;
  if (mode === undefined && plugin.apiVersion.endsWith('/v1')) {
    throw new OperationError('interactiveMode must be specified to use exec authentication plugin');
  }
  if (mode !== undefined && !['Never', 'IfAvailable', 'Always'].includes(mode)) {
    throw new OperationError(`invalid interactiveMode "${mode}" of the exec authentication plugin`);
  }
}

async function runPlugin(
  plugin: ExecPlugin,
  connection: Connection,
  io: Io,
  signal: AbortSignal,
): Promise<PluginStatus> {
  if (plugin.interactiveMode === 'Always' && !io.interactive) {
    throw failed('exec plugin cannot support interactive mode: standard input is not a terminal');
  }
  const interactive = io.interactive && plugin.interactiveMode !== 'Never';
  const info = JSON.stringify(await execInfo(plugin, connection, interactive));
  const env = { ...io.env, ...plugin.env, KUBERNETES_EXEC_INFO: info };
  const output = await runProcess(plugin, interactive, env, io, signal);
  return parsePluginOutput(output, plugin.apiVersion);
}

/** The ExecCredential that a plugin is given; with the cluster only if the kubeconfig asks for that. */
async function execInfo(plugin: ExecPlugin, connection: Connection, interactive: boolean): Promise<unknown> {
  const { cluster, server } = connection;
  const authority =
    cluster.certificateAuthorityData ??
    (await readPem(cluster.certificateAuthority, 'certificate-authority'));
  return {
    kind: 'ExecCredential',
    apiVersion: plugin.apiVersion,
    spec: {
      interactive,
      ...(plugin.provideClusterInfo
        ? {
            cluster: {
              server: server.href.replace(/\/$/, ''),
              'tls-server-name': cluster.tlsServerName,
              'insecure-skip-tls-verify': cluster.insecureSkipTlsVerify || undefined,
              'certificate-authority-data': authority?.toString('base64'),
              'proxy-url': cluster.proxyUrl,
              config: cluster.execConfig,
            },
          }
        : {}),
    },
  };
}

function runProcess(
  plugin: ExecPlugin,
  interactive: boolean,
  env: Io['env'],
  io: Io,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(plugin.command, plugin.args, {
      env,
      stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
      signal,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= outputLimit) chunks.push(chunk);
      else child.kill();
    });
    child.stderr.pipe(io.stderr, { end: false });
    child.on('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT';
      reject(missing ? notFound(plugin) : failed(`exec: ${plugin.command}: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      const end = code === null ? `was stopped by ${signal ?? 'a signal'}` : `failed with exit code ${code}`;
      if (size > outputLimit) reject(failed(`exec: executable ${plugin.command} printed more than 1 MiB`));
      else if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'));
      else reject(failed(`exec: executable ${plugin.command} ${end}`, plugin.installHint));
    });
  });
}

/** Reads what a plugin printed. Throws ApiError that names what is wrong and never quotes the output, which holds credentials. */
export function parsePluginOutput(output: string, apiVersion: string): PluginStatus {
  const value = parseObject(output);
  if (value === undefined) throw failed('exec plugin: what it printed is not JSON');
  if (value['kind'] !== 'ExecCredential' || value['apiVersion'] !== apiVersion) {
    throw failed(
      `exec plugin is configured to use API version ${apiVersion}, plugin returned ` +
        `version ${String(value['apiVersion'])}`,
    );
  }
  const status = value['status'] as Partial<Record<string, unknown>> | null | undefined;
  if (status === undefined || status === null) throw failed("exec plugin didn't return a status field");
  const [token, cert, key, expiry] = [
    'token',
    'clientCertificateData',
    'clientKeyData',
    'expirationTimestamp',
  ].map((name) => (typeof status[name] === 'string' && status[name] !== '' ? status[name] : undefined));
  if ((cert === undefined) !== (key === undefined)) {
    throw failed('exec plugin returned only certificate or key, not both');
  }
  if (token === undefined && cert === undefined) {
    throw failed("exec plugin didn't return a token or cert/key pair");
  }
  const expires = expiry === undefined ? Infinity : Date.parse(expiry);
  if (Number.isNaN(expires)) throw failed('exec plugin returned an expirationTimestamp that is no time');
  const certificate =
    cert === undefined || key === undefined ? undefined : { cert: Buffer.from(cert), key: Buffer.from(key) };
  return { token, certificate, expires };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function notFound(plugin: ExecPlugin): ApiError {
  return failed(
    `exec: executable ${plugin.command} not found`,
    plugin.installHint ?? `install the credential plugin ${plugin.command}, which the kubeconfig names`,
  );
}

function failed(detail: string, advice?: string): ApiError {
  return new ApiError(`Unable to connect to the server: getting credentials: ${detail}`, {
    status: 0,
    ...(advice === undefined ? {} : { advice }),
  });
}
