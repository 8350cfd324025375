import { Transform } from 'node:stream';

/** A stream that passes bytes on and shows them; `onEnd` may throw, which fails the stream before its end is seen. */
export function tap(onChunk: (chunk: Buffer) => void, onEnd: () => void = () => undefined): Transform {
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      onChunk(chunk);
      done(null, chunk);
    },
    flush: (done) => {
      try {
        onEnd();
        done();
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
}
