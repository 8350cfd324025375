import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { decryptKey, type KeyEncryption } from './ssh-key-cipher.ts';
import { curveOf, encodePublicKey, parsePublicKey, type SshPublicKey } from './ssh-public-key.ts';
import { sshString, WireError, WireReader } from './ssh-wire.ts';

const magic = Buffer.from('openssh-key-v1\0');
const armour = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----/;

/** A private key file as far as it can be read without a passphrase. */
export interface PrivateKeyFile {
  /** Undefined for an encrypted file of the PEM kind, which does not show it. */
  readonly publicKey: SshPublicKey | undefined;
  readonly encrypted: boolean;
  /** The key; undefined when the passphrase is wrong. Throws WireError when the file can't be used. */
  open(passphrase: string): Promise<KeyObject | undefined>;
}

/**
 * Reads a private key file of OpenSSH (PROTOCOL.key), or one in PEM (PKCS #1, SEC 1, PKCS #8). Undefined when the text
 * is neither; throws WireError when it is damaged.
 */
export function readPrivateKeyFile(text: string): PrivateKeyFile | undefined {
  const base64 = armour.exec(text)?.[1];
  if (base64 !== undefined) return readOpenSsh(Buffer.from(base64, 'base64'));
  return /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test(text) || text.includes('-----BEGIN ENCRYPTED')
    ? readPem(text)
    : undefined;
}

function readPem(text: string): PrivateKeyFile {
  const encrypted = /-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(text);
  const open = (passphrase: string): KeyObject | undefined => {
    try {
      return createPrivateKey({ key: text, ...(encrypted ? { passphrase } : {}) });
    } catch (cause) {
      if (encrypted) return undefined;
      throw new WireError('holds no private key that can be read', { cause });
    }
  };
  const key = encrypted ? undefined : open('');
  return {
    publicKey: key === undefined ? undefined : parsePublicKey(encodePublicKey(createPublicKey(key))),
    encrypted,
    open: (passphrase) => Promise.resolve(open(passphrase)),
  };
}

function readOpenSsh(bytes: Buffer): PrivateKeyFile {
  const reader = new WireReader(bytes);
  if (!reader.take(magic.length).equals(magic)) throw new WireError('is damaged');
  const encryption: KeyEncryption = {
    cipher: reader.text(),
    kdf: reader.text(),
    kdfOptions: reader.string(),
  };
  if (reader.uint32() !== 1) throw new WireError('holds several keys');
  const publicKey = parsePublicKey(reader.string());
  const privatePart = reader.string();
  const encrypted = encryption.cipher !== 'none';
  return {
    publicKey,
    encrypted,
    open: async (passphrase) => {
      const tag = bytes.subarray(bytes.length - 16);
      const plain = encrypted ? await decryptKey(encryption, privatePart, tag, passphrase) : privatePart;
      return plain === undefined ? undefined : readPrivatePart(plain, publicKey, encrypted);
    },
  };
}

/** The two check numbers are equal when the passphrase was right. */
function readPrivatePart(plain: Buffer, publicKey: SshPublicKey, encrypted: boolean): KeyObject | undefined {
  const reader = new WireReader(plain);
  if (reader.uint32() !== reader.uint32()) {
    if (encrypted) return undefined;
    throw new WireError('is damaged');
  }
  const key = createPrivateKey({ key: readJwk(reader), format: 'jwk' });
  if (!encodePublicKey(createPublicKey(key)).equals(publicKey.blob))
    throw new WireError('holds two keys that do not belong together');
  return key;
}

/** Members of a private key in the order of OpenSSH's agent protocol. */
function readJwk(reader: WireReader): JsonWebKey {
  const type = reader.text();
  if (type === 'ssh-ed25519') {
    const x = base64url(reader.string());
    return { kty: 'OKP', crv: 'Ed25519', x, d: base64url(reader.string().subarray(0, 32)) };
  }
  if (type === 'ssh-rsa') {
    const [n, e, d, qi, p, q] = Array.from({ length: 6 }, () => reader.mpint());
    if (n && e && d && qi && p && q) return rsaJwk(n, e, d, qi, p, q);
  }
  if (!type.startsWith('ecdsa-sha2-'))
    throw new WireError(`holds a key of type ${type} that only an agent can use`);
  const curve = curveOf(reader.text());
  const point = reader.string();
  const { kty, crv, x, y } = parsePublicKey(
    Buffer.concat([sshString(type), sshString(curve), sshString(point)]),
  ).key.export({ format: 'jwk' });
  const half = (point.length - 1) / 2;
  const d = reader.mpint();
  return { kty, crv, x, y, d: base64url(Buffer.concat([Buffer.alloc(half - d.length), d])) } as JsonWebKey;
}

/** JSON Web Keys want the two exponents that SSH leaves out (RFC 7518, 6.3.2). */
function rsaJwk(n: Buffer, e: Buffer, d: Buffer, qi: Buffer, p: Buffer, q: Buffer): JsonWebKey {
  const [dp, dq] = [p, q].map((prime) => bytesOf(numberOf(d) % (numberOf(prime) - 1n)));
  const [ns, es, ds, qis, ps, qs, dps, dqs] = [n, e, d, qi, p, q, dp, dq].map((part) =>
    base64url(part ?? Buffer.alloc(0)),
  );
  return { kty: 'RSA', n: ns, e: es, d: ds, qi: qis, p: ps, q: qs, dp: dps, dq: dqs } as JsonWebKey;
}

function numberOf(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

function bytesOf(number: bigint): Buffer {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
