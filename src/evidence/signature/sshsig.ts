import { createHash } from 'node:crypto';
import { parsePublicKey, type SshPublicKey } from './ssh-public-key.ts';
import { verifySsh } from './ssh-signature.ts';
import { sshString, sshUint32, WireError, WireReader } from './ssh-wire.ts';

/** A signature over a message in a namespace (OpenSSH PROTOCOL.sshsig). */
export interface SshSig {
  readonly publicKey: SshPublicKey;
  readonly namespace: string;
  /** Digest of the message: sha512 or sha256. */
  readonly hash: string;
  /** Algorithm and signature in wire format. */
  readonly signature: Buffer;
}

const magic = Buffer.from('SSHSIG');
const version = 1;
const begin = '-----BEGIN SSH SIGNATURE-----';
const end = '-----END SSH SIGNATURE-----';
/** Columns of base64 that ssh-keygen writes. */
const width = 70;

/** Digest that signatures of ours are made with, ssh-keygen's default. */
export const messageHash = 'sha512';

/** The bytes that a key signs for a message. */
export function signedBytes(namespace: string, hash: string, message: Buffer): Buffer {
  const digest = createHash(hash).update(message).digest();
  return Buffer.concat([magic, ...[namespace, '', hash].map(sshString), sshString(digest)]);
}

/** The armoured text of a signature, byte for byte as ssh-keygen writes it. */
export function formatSshSig({ publicKey, namespace, hash, signature }: SshSig): string {
  const blob = Buffer.concat([
    magic,
    sshUint32(version),
    ...[publicKey.blob, namespace, '', hash, signature].map(sshString),
  ]);
  const base64 = blob.toString('base64');
  const lines = base64.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
  return `${[begin, ...lines, end].join('\n')}\n`;
}

/**
 * Reads an armoured signature. Only the form that ssh-keygen writes is taken, so that no byte of the file can change
 * unseen. Throws WireError that says what is wrong with it.
 */
export function parseSshSig(text: string): SshSig {
  const inner = text.startsWith(`${begin}\n`) && text.endsWith(`\n${end}\n`);
  if (!inner) throw new WireError('is no SSH signature');
  const blob = Buffer.from(text.slice(begin.length, -end.length - 1), 'base64');
  const reader = new WireReader(blob);
  if (!reader.take(magic.length).equals(magic)) throw new WireError('is no SSH signature');
  const found = reader.uint32();
  if (found !== version)
    throw new WireError(`is an SSH signature of version ${found}, which is not known here`);
  const publicKey = parsePublicKey(reader.string());
  const namespace = reader.text();
  reader.string();
  const hash = reader.text();
  if (hash !== 'sha512' && hash !== 'sha256')
    throw new WireError(`is made with the digest ${hash}, which is not known here`);
  const sig = { publicKey, namespace, hash, signature: Buffer.from(reader.string()) };
  reader.end();
  if (formatSshSig(sig) !== text) throw new WireError('is not written as ssh-keygen writes a signature');
  return sig;
}

/** True when the signature is one of `message`, by the key that it names, in its namespace. */
export function verifySshSig(sig: SshSig, message: Buffer): boolean {
  try {
    return verifySsh(sig.publicKey, sig.signature, signedBytes(sig.namespace, sig.hash, message));
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}
