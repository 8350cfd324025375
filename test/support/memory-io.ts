import { PassThrough, Writable } from 'node:stream';
import type { Io } from '../../src/output/io.ts';

export interface MemoryIo extends Io {
  readonly out: () => string;
  readonly err: () => string;
}

/** An Io whose streams are kept in memory and whose clock stands still but for `sleep`. */
export function memoryIo(changes: Partial<Io> & { input?: string } = {}): MemoryIo {
  const { input = '', ...overrides } = changes;
  const stdin = new PassThrough();
  stdin.end(input);
  const out = collector();
  const err = collector();
  let clock = Date.UTC(2026, 10, 22, 4, 15, 0);
  return {
    stdin,
    stdout: out.stream,
    stderr: err.stream,
    env: {},
    interactive: false,
    stderrTerminal: false,
    columns: 80,
    now: () => new Date(clock),
    monotonic: () => clock,
    sleep: (ms, signal) => {
      signal?.throwIfAborted();
      clock += ms;
      return Promise.resolve();
    },
    out: out.text,
    err: err.text,
    ...overrides,
  };
}

function collector(): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
