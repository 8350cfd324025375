import { escapeForTerminal } from '../output/escape.ts';
import { writeLine } from '../output/io.ts';
import type { Io } from '../output/io.ts';
import type { Api } from './api.ts';
import { credentialsOf } from './authentication.ts';
import { isUnconfigured, resolveConnection } from './connection.ts';
import type { Connection, GlobalConnection } from './connection.ts';
import { connectorOf } from './connector.ts';
import { readPem } from './credentials.ts';
import { parseTimeout } from './duration.ts';
import { HttpApi } from './http-api.ts';
import { inClusterConfig } from './in-cluster.ts';
import { loadKubeconfig } from './kubeconfig-files.ts';
import { proxyOf } from './proxy.ts';

/**
 * A client for the API server that kubectl would talk to with the same environment and flags. Sends nothing yet. Each
 * `Warning:` of the server is printed once on stderr. Throws OperationError for a kubeconfig or credential that cannot be
 * used, and UsageError for an invalid timeout.
 */
export async function connect(io: Io, global: GlobalConnection): Promise<Api> {
  const timeoutMs = parseTimeout(global['request-timeout'] ?? '0');
  const connection = await resolve(io, global);
  const { cluster, server } = connection;
  const credentials = await credentialsOf(connection, io);
  const connector = connectorOf(
    {
      server,
      proxy: proxyOf(server, cluster.proxyUrl, io.env),
      authority:
        cluster.certificateAuthorityData ??
        (await readPem(cluster.certificateAuthority, 'certificate-authority')),
      insecure: cluster.insecureSkipTlsVerify,
      serverName: cluster.tlsServerName,
    },
    credentials,
  );
  return new HttpApi({ connection, credentials, connector, timeoutMs, warn: warnOnce(io) }, io);
}

async function resolve(io: Io, global: GlobalConnection): Promise<Connection> {
  const config = await loadKubeconfig(io, global.kubeconfig);
  if (isUnconfigured(config, global)) {
    const own = await inClusterConfig(io);
    if (own !== undefined) return resolveConnection(own, global);
  }
  return resolveConnection(config, global);
}

function warnOnce(io: Io): (text: string) => void {
  const seen = new Set<string>();
  return (text) => {
    const line = `Warning: ${escapeForTerminal(text)}`;
    if (seen.has(line) || seen.size >= 1000) return;
    seen.add(line);
    void writeLine(io.stderr, line).catch(() => undefined);
  };
}
