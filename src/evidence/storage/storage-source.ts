import { OperationError } from '../../output/errors.ts';
import type { ByteSource } from '../byte-source.ts';
import type { StorageObject } from './storage-object.ts';

/** Times that a stream which broke is taken up again without having got any further. */
const tries = 4;

/**
 * An object in storage as a source. A stream that breaks is taken up where it broke; an object that is replaced while it
 * is read is an error. Throws OperationError when there is none.
 */
export async function openStorageSource(object: StorageObject): Promise<ByteSource> {
  const found = await object.look();
  if (found === undefined || found === 'hidden') {
    // A request for content is answered with the reason, one for facts is not.
    await object.read(0, 1, '').next();
    throw new OperationError(`${object.url.text} can be read, but not looked at`, {
      advice: 'the credentials need s3:GetObject and, to learn the size, HEAD requests',
    });
  }
  const { size, etag } = found;

  async function* read(start = 0, end = size): AsyncGenerator<Buffer> {
    let at = start;
    for (let left = tries; at < end;) {
      try {
        for await (const chunk of object.read(at, end, etag)) {
          at += chunk.length;
          left = tries;
          yield chunk;
        }
        if (at < end) throw new OperationError(`${object.url.text} ended before its end`);
      } catch (error) {
        left -= 1;
        if (left === 0 || !(error instanceof OperationError)) throw error;
      }
    }
  }
  return { name: object.url.text, size, read };
}
