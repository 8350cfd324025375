import { createHash, sign, verify, type KeyObject } from 'node:crypto';
import type { SshPublicKey } from './ssh-public-key.ts';
import { sshMpint, sshString, WireReader } from './ssh-wire.ts';

/** Digests by the signature algorithms of RSA keys (RFC 8332); SHA-1 is not accepted, as in OpenSSH. */
const rsaDigests: Readonly<Record<string, string>> = { 'rsa-sha2-512': 'sha512', 'rsa-sha2-256': 'sha256' };

/**
 * Signs with a private key whose public half is `publicKey`. The answer is in SSH's wire format: algorithm and signature
 * (RFC 5656, 3.1.2; RFC 8332, 3; RFC 8709, 6).
 */
export function signSsh(privateKey: KeyObject, publicKey: SshPublicKey, data: Buffer): Buffer {
  const { type, digest } = publicKey;
  if (type === 'ssh-rsa')
    return Buffer.concat([sshString('rsa-sha2-512'), sshString(sign('sha512', data, privateKey))]);
  if (digest === undefined) return Buffer.concat([sshString(type), sshString(sign(null, data, privateKey))]);
  const pair = sign(digest, data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const half = pair.length / 2;
  const numbers = Buffer.concat([sshMpint(pair.subarray(0, half)), sshMpint(pair.subarray(half))]);
  return Buffer.concat([sshString(type), sshString(numbers)]);
}

/** True when `signature`, in wire format, is one of `data` by `publicKey`. Throws WireError when it is no signature. */
export function verifySsh(publicKey: SshPublicKey, signature: Buffer, data: Buffer): boolean {
  const reader = new WireReader(signature);
  const algorithm = reader.text();
  const bytes = reader.string();
  const { type, key, application } = publicKey;
  if (type === 'ssh-rsa') {
    const digest = rsaDigests[algorithm];
    reader.end();
    return digest !== undefined && verify(digest, data, key, bytes);
  }
  if (algorithm !== type) return false;
  if (application === undefined) {
    reader.end();
    return verifyPlain(publicKey, bytes, data);
  }
  // A hardware key signs digests, its flags and its counter (OpenSSH PROTOCOL.u2f, "SSH U2F signatures").
  const rest = reader.take(5);
  reader.end();
  const userPresent = ((rest[0] ?? 0) & 1) === 1;
  const digest = (of: Buffer): Buffer => createHash('sha256').update(of).digest();
  return (
    userPresent && verifyPlain(publicKey, bytes, Buffer.concat([digest(application), rest, digest(data)]))
  );
}

function verifyPlain({ key, digest }: SshPublicKey, bytes: Buffer, data: Buffer): boolean {
  if (digest === undefined) return verify(null, data, key, bytes);
  const reader = new WireReader(bytes);
  const numbers = [reader.mpint(), reader.mpint()];
  reader.end();
  const half = { sha256: 32, sha384: 48, sha512: 66 }[digest] ?? 0;
  if (numbers.some((number) => number.length > half)) return false;
  const pair = Buffer.concat(numbers.map((number) => leftPadded(number, half)));
  return verify(digest, data, { key, dsaEncoding: 'ieee-p1363' }, pair);
}

function leftPadded(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([Buffer.alloc(length - bytes.length), bytes]);
}
