import { PassThrough, Writable } from 'node:stream';
import type { Io } from '../../src/output/io.ts';
import { type MemoryIo, memoryIo } from './memory-io.ts';

/** What a person types at a prompt: a line, or nothing any more. */
type Answer = string | undefined;

/** A terminal with somebody at it: `answer` gets what was shown since the last answer, each time a prompt stands there. */
export function scriptedIo(
  answer: (shown: string) => Answer | Promise<Answer>,
  changes: Partial<Io> = {},
): MemoryIo {
  const stdin = new PassThrough();
  let all = '';
  let shown = '';
  const stderr = new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      all += String(chunk);
      shown += String(chunk);
      done();
      if (!/[\]?:] $/.test(shown)) return;
      const prompt = shown;
      shown = '';
      void Promise.resolve(answer(prompt)).then((line) => {
        if (line === undefined) stdin.end();
        else stdin.write(`${line}\n`);
      });
    },
  });
  return { ...memoryIo({ stdin, stderr, interactive: true, ...changes }), err: () => all };
}
