import { OperationError } from '../../output/errors.ts';
import { firstBytes, type ByteSource } from '../byte-source.ts';
import { parseHeader, unwrapFileKey } from './header.ts';
import type { Identity } from './keys.ts';
import { chunkSize, nonceSize, openChunk, payloadKey, tagSize } from './stream.ts';

/** How an encrypted file begins. */
export const ageMagic = 'age-encryption.org/v1\n';

/** A header for thousands of recipients fits. */
const headerLimit = 1024 * 1024;
const sealedSize = chunkSize + tagSize;

/**
 * The content of an encrypted file, which is decrypted while it is read and never written anywhere. Throws OperationError
 * when no identity fits, Error when it was altered or cut.
 */
export async function openEncrypted(
  source: ByteSource,
  identities: readonly Identity[],
): Promise<ByteSource> {
  const header = parseHeader(await firstBytes(source, headerLimit));
  const fileKey = unwrapFileKey(header, identities);
  if (fileKey === undefined) {
    const kinds = [...new Set(header.stanzas.map(({ words }) => words[0] ?? ''))].join(', ');
    throw new OperationError(
      `${source.name} is encrypted, and no given identity opens it (it has: ${kinds})`,
      {
        advice: 'give the file with the private key of a recipient with --identity FILE',
      },
    );
  }
  const payload = header.length + nonceSize;
  const nonce = Buffer.concat(await collect(source.read(header.length, payload)));
  const key = payloadKey(fileKey, nonce);
  const chunks = Math.max(1, Math.ceil((source.size - payload) / sealedSize));
  const size = source.size - payload - chunks * tagSize;
  const lastSize = size - (chunks - 1) * chunkSize;
  if (nonce.length < nonceSize || lastSize < 0 || (lastSize === 0 && chunks > 1))
    throw new Error('the encrypted file is cut');
  const isLast = (count: number): boolean => count === chunks - 1;

  async function* read(start = 0, end = size): AsyncGenerator<Buffer> {
    let count = Math.floor(start / chunkSize);
    const stop = Math.min(Math.ceil(end / chunkSize), chunks);
    if (size > 0 && start >= end) return;
    let skip = start - count * chunkSize;
    let left = end - start;
    const until = isLast(stop - 1) || stop === 0 ? source.size : payload + stop * sealedSize;
    for await (const sealed of pieces(source.read(payload + count * sealedSize, until), sealedSize)) {
      const opened = openChunk(key, count, isLast(count), sealed).subarray(skip, skip + left);
      count += 1;
      skip = 0;
      left -= opened.length;
      if (opened.length > 0) yield opened;
    }
    if (left > 0) throw new Error('the encrypted file is cut');
  }
  return { name: source.name, size, read };
}

/** A stream in pieces of one size; the last may be shorter. */
async function* pieces(source: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let at = 0;
    for (; held.length - at >= size; at += size) yield held.subarray(at, at + size);
    held = held.subarray(at);
  }
  if (held.length > 0) yield held;
}

async function collect(source: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return chunks;
}
