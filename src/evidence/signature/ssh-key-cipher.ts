import { createDecipheriv, type DecipherGCM } from 'node:crypto';
import { WireError, WireReader } from './ssh-wire.ts';

/** Ciphers of private key files, by OpenSSH's names (its cipher.c), and Node's. */
const ciphers = {
  'aes256-ctr': { name: 'aes-256-ctr', key: 32, iv: 16, tag: 0 },
  'aes192-ctr': { name: 'aes-192-ctr', key: 24, iv: 16, tag: 0 },
  'aes128-ctr': { name: 'aes-128-ctr', key: 16, iv: 16, tag: 0 },
  'aes256-cbc': { name: 'aes-256-cbc', key: 32, iv: 16, tag: 0 },
  'aes192-cbc': { name: 'aes-192-cbc', key: 24, iv: 16, tag: 0 },
  'aes128-cbc': { name: 'aes-128-cbc', key: 16, iv: 16, tag: 0 },
  'aes256-gcm@openssh.com': { name: 'aes-256-gcm', key: 32, iv: 12, tag: 16 },
  'aes128-gcm@openssh.com': { name: 'aes-128-gcm', key: 16, iv: 12, tag: 16 },
} as const;

/** How the private part of a key file is encrypted, as the file says. */
export interface KeyEncryption {
  readonly cipher: string;
  readonly kdf: string;
  readonly kdfOptions: Buffer;
}

/**
 * Decrypts the private part of a key file (OpenSSH PROTOCOL.key); `tag` is what follows it in the file. A wrong
 * passphrase gives bytes that make no sense, or undefined. Throws WireError for a cipher that is not known here.
 */
export async function decryptKey(
  { cipher, kdf, kdfOptions }: KeyEncryption,
  encrypted: Buffer,
  tag: Buffer,
  passphrase: string,
): Promise<Buffer | undefined> {
  const kind = Object.hasOwn(ciphers, cipher) ? ciphers[cipher as keyof typeof ciphers] : undefined;
  if (kind === undefined || kdf !== 'bcrypt')
    throw new WireError(`is encrypted with ${cipher} and ${kdf}, which are not known here`);
  const options = new WireReader(kdfOptions);
  const salt = options.string();
  const rounds = options.uint32();
  const { pbkdf } = await import('bcrypt-pbkdf');
  const material = Buffer.alloc(kind.key + kind.iv);
  const secret = Buffer.from(passphrase);
  if (pbkdf(secret, secret.length, salt, salt.length, material, material.length, rounds) !== 0)
    throw new WireError('has wrong parameters of its passphrase');
  const decipher = createDecipheriv(kind.name, material.subarray(0, kind.key), material.subarray(kind.key));
  decipher.setAutoPadding(false);
  if (kind.tag > 0) (decipher as DecipherGCM).setAuthTag(tag.subarray(0, kind.tag));
  try {
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch {
    return undefined;
  }
}
