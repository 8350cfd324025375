import type { Io } from '../output/io.ts';
import type { Connection } from './connection.ts';
import { fixedCredentials, readPem, tokenCredentials, withCertificateFiles } from './credentials.ts';
import type { ClientCertificate, Credentials } from './credentials.ts';
import { pluginCredentials } from './exec-plugin.ts';
import type { UserEntry } from './kubeconfig.ts';

/**
 * Credentials of a connection, with client-go's precedence: where there is a token, token file, password or certificate, no
 * credential plugin is run. Files are read here, and again for each connection; a plugin is run when it is first needed. Throws
 * OperationError.
 */
export async function credentialsOf(connection: Connection, io: Io): Promise<Credentials> {
  const { user } = connection;
  const certificate = await certificateOf(user);
  const credentials = await credentialsWith(certificate, connection, io);
  const inFiles =
    (user.clientCertificate !== undefined && user.clientCertificateData === undefined) ||
    (user.clientKey !== undefined && user.clientKeyData === undefined);
  return certificate === undefined || !inFiles
    ? credentials
    : withCertificateFiles(credentials, certificate, () => certificateOf(user));
}

async function credentialsWith(
  certificate: ClientCertificate | undefined,
  connection: Connection,
  io: Io,
): Promise<Credentials> {
  const { user } = connection;
  if (user.token !== undefined || user.tokenFile !== undefined) {
    return tokenCredentials(user, certificate, io);
  }
  if (user.username !== undefined) {
    const pair = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64');
    return fixedCredentials(`Basic ${pair}`, certificate);
  }
  if (certificate !== undefined) return fixedCredentials(undefined, certificate);
  if (user.exec !== undefined) return pluginCredentials(user.exec, connection, io);
  if (user.authProvider !== undefined) {
    const { oidcCredentials } = await import('./oidc.ts');
    return oidcCredentials(user.authProvider, io);
  }
  return fixedCredentials(undefined, undefined);
}

async function certificateOf(user: UserEntry): Promise<ClientCertificate | undefined> {
  const cert = user.clientCertificateData ?? (await readPem(user.clientCertificate, 'client-cert'));
  const key = user.clientKeyData ?? (await readPem(user.clientKey, 'client-key'));
  return cert === undefined || key === undefined ? undefined : { cert, key };
}
