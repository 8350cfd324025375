import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  timingSafeEqual,
} from 'node:crypto';
import { identityOf, type Identity, type Recipient } from './keys.ts';

/*
 * The header of an age file (age-encryption.org/v1): a version line, a stanza per recipient that wraps the file key, and
 * a MAC under a key that follows from the file key.
 */

const version = 'age-encryption.org/v1';
const fileKeySize = 16;
const tagSize = 16;
const columns = 64;
const cipher = 'chacha20-poly1305';

/** A stanza as read: its words and its body. */
interface Stanza {
  readonly words: readonly string[];
  readonly body: Buffer;
}

/** A header as read; `maced` are the bytes that the MAC covers. */
export interface Header {
  readonly stanzas: readonly Stanza[];
  readonly mac: Buffer;
  readonly maced: Buffer;
  /** Bytes of the file that it takes. */
  readonly length: number;
}

/** `size` bytes that follow from a secret (HKDF-SHA256, RFC 5869). */
export function derive(secret: Uint8Array, salt: Uint8Array, info: string, size: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, size));
}

/** The header that lets each recipient find the file key; `ephemeral` gives a fresh secret of 32 bytes for each. */
export function formatHeader(
  fileKey: Buffer,
  recipients: readonly Recipient[],
  ephemeral: (recipient: Recipient) => Buffer,
): Buffer {
  const stanzas = recipients.map((recipient) => {
    const { key, recipient: share } = identityOf(ephemeral(recipient));
    const wrapKey = x25519WrapKey(sharedSecret(key, recipient), share, recipient);
    const sealed = createCipheriv(cipher, wrapKey, Buffer.alloc(12), { authTagLength: tagSize });
    const body = Buffer.concat([sealed.update(fileKey), sealed.final(), sealed.getAuthTag()]);
    return `-> X25519 ${base64(share)}\n${wrapped(base64(body))}`;
  });
  const text = `${version}\n${stanzas.join('')}---`;
  return Buffer.from(`${text} ${base64(macOf(fileKey, Buffer.from(text)))}\n`);
}

/** Reads the header at the beginning of `bytes`. Throws Error when it is none, or longer than these bytes. */
export function parseHeader(bytes: Buffer): Header {
  let at = 0;
  const line = (): string => {
    const end = bytes.indexOf(10, at);
    if (end === -1) throw new Error('the header of the encrypted file is damaged or too long');
    const text = bytes.toString('latin1', at, end);
    at = end + 1;
    return text;
  };
  if (line() !== version) throw new Error(`the encrypted file is not of ${version}`);
  const stanzas: Stanza[] = [];
  for (;;) {
    const start = at;
    const first = line();
    if (first.startsWith('--- ')) {
      const mac = unbase64(first.slice(4));
      return { stanzas, mac, maced: bytes.subarray(0, start + 3), length: at };
    }
    if (!/^->( [!-~]+)+$/.test(first)) throw new Error('the header of the encrypted file is damaged');
    let body = '';
    for (let piece = line(); ; piece = line()) {
      if (piece.length > columns) throw new Error('the header of the encrypted file is damaged');
      body += piece;
      if (piece.length < columns) break;
    }
    stanzas.push({ words: first.slice(3).split(' '), body: unbase64(body) });
  }
}

/**
 * The file key, when one of the identities can unwrap it; undefined when none can. Throws Error when the header was
 * altered.
 */
export function unwrapFileKey(header: Header, identities: readonly Identity[]): Buffer | undefined {
  for (const stanza of header.stanzas) {
    for (const identity of identities) {
      const fileKey = unwrap(stanza, identity);
      if (fileKey === undefined) continue;
      const mac = macOf(fileKey, header.maced);
      if (mac.length !== header.mac.length || !timingSafeEqual(mac, header.mac))
        throw new Error('the header of the encrypted file was altered');
      return fileKey;
    }
  }
  return undefined;
}

function unwrap({ words, body }: Stanza, { key, recipient }: Identity): Buffer | undefined {
  const [type, text, ...more] = words;
  if (type !== 'X25519' || text === undefined || more.length > 0) return undefined;
  const share = unbase64(text);
  if (share.length !== 32 || body.length !== fileKeySize + tagSize)
    throw new Error('a recipient in the header of the encrypted file is damaged');
  const wrapKey = x25519WrapKey(sharedSecret(key, share), share, recipient);
  const opened = createDecipheriv(cipher, wrapKey, Buffer.alloc(12), { authTagLength: tagSize });
  opened.setAuthTag(body.subarray(fileKeySize));
  try {
    return Buffer.concat([opened.update(body.subarray(0, fileKeySize)), opened.final()]);
  } catch {
    return undefined;
  }
}

/** Throws when `publicKey` is a point of low order: its shared secret would be known to everyone. */
function sharedSecret(privateKey: Identity['key'], publicKey: Buffer): Buffer {
  const jwk = { kty: 'OKP', crv: 'X25519', x: publicKey.toString('base64url') };
  return diffieHellman({ privateKey, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) });
}

function x25519WrapKey(shared: Buffer, share: Buffer, recipient: Recipient): Buffer {
  return derive(shared, Buffer.concat([share, recipient]), `${version}/X25519`, 32);
}

function macOf(fileKey: Buffer, maced: Buffer): Buffer {
  return createHmac('sha256', derive(fileKey, Buffer.alloc(0), 'header', 32))
    .update(maced)
    .digest();
}

/** A body's lines: all full but the last, which may be empty. */
function wrapped(text: string): string {
  let lines = '';
  for (let at = 0; at <= text.length; at += columns) lines += `${text.slice(at, at + columns)}\n`;
  return lines;
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

/** Standard base64 without padding, in its one canonical form. */
function unbase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (base64(bytes) !== text) throw new Error('the header of the encrypted file is damaged');
  return bytes;
}
