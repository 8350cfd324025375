import { createCipheriv, createDecipheriv } from 'node:crypto';
import { derive, formatHeader } from './header.ts';
import type { Recipient } from './keys.ts';

/*
 * The payload of an age file is STREAM (age-encryption.org/v1, "Payload"): chunks of 64 KiB under ChaCha20-Poly1305, whose
 * nonce is a counter of 11 bytes and a last byte that is 1 in the last chunk alone.
 */

export const chunkSize = 64 * 1024;
export const tagSize = 16;
export const nonceSize = 16;

/**
 * Encrypts a stream to recipients. Everything random about the file follows from `seed`, 32 secret random bytes, so that
 * an upload can go on where it was cut; one seed may only ever encrypt one content.
 */
export async function* encrypt(
  source: AsyncIterable<Buffer>,
  recipients: readonly Recipient[],
  seed: Buffer,
): AsyncGenerator<Buffer> {
  const fileKey = derive(seed, Buffer.alloc(0), 'file key', 16);
  yield formatHeader(fileKey, recipients, (recipient) => derive(seed, recipient, 'ephemeral', 32));
  const nonce = derive(seed, Buffer.alloc(0), 'payload nonce', nonceSize);
  yield nonce;
  const key = payloadKey(fileKey, nonce);
  let count = 0;
  let held: Buffer[] = [];
  let length = 0;
  for await (const piece of source) {
    held.push(piece);
    length += piece.length;
    // A full chunk waits until it is known not to be the last one.
    if (length <= chunkSize) continue;
    const bytes = Buffer.concat(held);
    const sealed: Buffer[] = [];
    let at = 0;
    for (; bytes.length - at > chunkSize; at += chunkSize)
      sealed.push(sealChunk(key, count++, false, bytes.subarray(at, at + chunkSize)));
    held = [bytes.subarray(at)];
    length = bytes.length - at;
    yield Buffer.concat(sealed);
  }
  yield sealChunk(key, count, true, Buffer.concat(held));
}

/** The key under which the payload with this nonce is encrypted. */
export function payloadKey(fileKey: Buffer, nonce: Buffer): Buffer {
  return derive(fileKey, nonce, 'payload', 32);
}

/** Opens chunk number `count` (from 0). Throws Error when it was altered, moved, or the file was cut. */
export function openChunk(key: Buffer, count: number, last: boolean, sealed: Buffer): Buffer {
  const cipher = createDecipheriv('chacha20-poly1305', key, chunkNonce(count, last), {
    authTagLength: tagSize,
  });
  cipher.setAuthTag(sealed.subarray(-tagSize));
  try {
    return Buffer.concat([cipher.update(sealed.subarray(0, -tagSize)), cipher.final()]);
  } catch (cause) {
    throw new Error(`the encrypted file was altered or cut: chunk ${count} does not open`, { cause });
  }
}

function sealChunk(key: Buffer, count: number, last: boolean, bytes: Buffer): Buffer {
  const cipher = createCipheriv('chacha20-poly1305', key, chunkNonce(count, last), {
    authTagLength: tagSize,
  });
  const sealed = cipher.update(bytes);
  cipher.final();
  return Buffer.concat([sealed, cipher.getAuthTag()]);
}

function chunkNonce(count: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(count, 5, 6);
  nonce.writeUInt8(last ? 1 : 0, 11);
  return nonce;
}
