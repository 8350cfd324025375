import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { bech32 } from '@scure/base';

/** Whom a file is encrypted to: an X25519 public key, 32 bytes. */
export type Recipient = Buffer;

/** Who can open it: an X25519 private key with its public key. */
export interface Identity {
  readonly key: KeyObject;
  readonly recipient: Recipient;
}

const keySize = 32;
/** What stands before the 32 bytes of an X25519 private key in PKCS #8 (RFC 8410, section 7). */
const privateKeyPrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** Reads `age1…` (age-encryption.org/v1, "The X25519 recipient type"); undefined when it is no such recipient. */
export function parseRecipient(text: string): Recipient | undefined {
  return decode(text, 'age');
}

/**
 * The recipients of a file as `age -R` takes it: one per line, blank lines and lines with `#` left out. The answer is a
 * sentence when a line is none.
 */
export function parseRecipients(text: string): readonly Recipient[] | string {
  return parseLines(text, parseRecipient, 'an X25519 recipient (age1…)');
}

/** The identities of a file as `age-keygen` writes it; a sentence when a line is none. */
export function parseIdentities(text: string): readonly Identity[] | string {
  return parseLines(text, parseIdentity, 'an X25519 identity (AGE-SECRET-KEY-1…)');
}

/** `age1…` of a public key. */
export function formatRecipient(recipient: Recipient): string {
  return bech32.encodeFromBytes('age', recipient);
}

/** The private key with these 32 bytes. */
export function identityOf(secret: Buffer): Identity {
  const key = createPrivateKey({
    key: Buffer.concat([privateKeyPrefix, secret]),
    format: 'der',
    type: 'pkcs8',
  });
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return { key, recipient: Buffer.from(x, 'base64url') };
}

function parseIdentity(text: string): Identity | undefined {
  // Bech32 is all upper or all lower case (BIP 173); identities are written in upper case.
  const secret = text === text.toUpperCase() ? decode(text.toLowerCase(), 'age-secret-key-') : undefined;
  return secret === undefined ? undefined : identityOf(secret);
}

function parseLines<T>(text: string, parse: (line: string) => T | undefined, what: string): T[] | string {
  const found: T[] = [];
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const value = parse(line.trim());
    if (value === undefined) return `line ${at + 1} is not ${what}`;
    found.push(value);
  }
  return found.length === 0 ? `it holds not ${what}` : found;
}

function decode(text: string, prefix: string): Buffer | undefined {
  const decoded = text.startsWith(`${prefix}1`) ? bech32.decodeUnsafe(text, false) : undefined;
  if (decoded?.prefix !== prefix) return undefined;
  const bytes = bech32.fromWordsUnsafe(decoded.words);
  return bytes instanceof Uint8Array && bytes.length === keySize ? Buffer.from(bytes) : undefined;
}
