import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import type { UserEntry } from './kubeconfig.ts';

/** PEM certificate chain and private key. */
export interface ClientCertificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** What proves our identity. Never logged and never part of a message. */
export interface Credentials {
  /** Value of the Authorization header for the next request, or undefined. */
  authorization(signal?: AbortSignal): Promise<string | undefined>;
  /** Certificate for the next connection, or undefined. */
  certificate(signal?: AbortSignal): Promise<ClientCertificate | undefined>;
  /** Drops what the server has just refused with 401. False when another try would use the same again. */
  refresh(): boolean;
}

/** `Bearer` header of a token; OperationError when it has characters that no header can carry. */
export function bearer(token: string): string {
  const trimmed = token.trim();
  if (!/^[\x21-\x7e]+$/.test(trimmed)) {
    throw new OperationError('the token is empty or has characters that a header cannot carry');
  }
  return `Bearer ${trimmed}`;
}

/** Credentials that never change. */
export function fixedCredentials(
  authorization: string | undefined,
  certificate: ClientCertificate | undefined,
): Credentials {
  return {
    authorization: () => Promise.resolve(authorization),
    certificate: () => Promise.resolve(certificate),
    refresh: () => false,
  };
}

/** How long the content of a token file is used before it is read again: the kubelet rotates it. */
const tokenFileMs = 10_000;

/** Credentials of a token. As in client-go, a token file takes precedence, and its last readable content stays in use. */
export function tokenCredentials(
  user: UserEntry,
  certificate: ClientCertificate | undefined,
  io: Io,
): Credentials {
  let token = user.token;
  let readAt = -Infinity;
  const file = user.tokenFile;
  return {
    authorization: async () => {
      if (file !== undefined && io.monotonic() - readAt >= tokenFileMs) {
        token = await readFile(file, 'utf8').catch((error: unknown) => {
          if (token !== undefined) return token;
          throw new OperationError(`unable to read the token file ${file}: ${reasonOf(error)}`);
        });
        readAt = io.monotonic();
      }
      return bearer(token ?? '');
    },
    certificate: () => Promise.resolve(certificate),
    refresh: () => {
      readAt = -Infinity;
      return file !== undefined;
    },
  };
}

/**
 * The same credentials with a certificate that lies in files: for each connection they are read anew, as who rotates them does it under
 * us. What can't be read then, or is half of an old pair and half of a new one, leaves the last whole pair in use.
 */
export function withCertificateFiles(
  credentials: Credentials,
  first: ClientCertificate,
  read: () => Promise<ClientCertificate | undefined>,
): Credentials {
  let current = first;
  return {
    authorization: (signal) => credentials.authorization(signal),
    certificate: async () => {
      const found = (await read().catch(() => undefined)) ?? current;
      const isSame = found.cert.equals(current.cert) && found.key.equals(current.key);
      if (!isSame && isPair(found)) current = found;
      return current;
    },
    refresh: () => {
      credentials.refresh();
      return true;
    },
  };
}

function isPair({ cert, key }: ClientCertificate): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** A PEM file named by kubeconfig or flag; undefined without a name, OperationError when it cannot be read. */
export async function readPem(file: string | undefined, what: string): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file);
  } catch (error) {
    throw new OperationError(`unable to read ${what} ${file}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
