import type WebSocket from 'ws';
import { formatCount } from '../output/count.ts';
import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { channel, closeFrame, execProtocols, inputFrames } from './exec-channel.ts';
import { parseExecStatus } from './exec-status.ts';
import type { ExecEnd } from './exec-status.ts';
import type { ExecOptions, ExecResult } from './exec-types.ts';
import { keepAlive } from './keep-alive.ts';
import { StreamError } from './stream-error.ts';

const defaultStderrLimit = 64 * 1024;
const defaultIdleMs = 90_000;
const statusLimit = 64 * 1024;
/** How long the server may take to answer our closing handshake. */
const closeMs = 1_000;

/** Settles the promise that `run` returned. */
interface Settle {
  readonly resolve: (result: ExecResult) => void;
  readonly reject: (error: Error) => void;
}

/** One remote command over an open, paused WebSocket. Used once. */
export class ExecSession {
  readonly #socket: WebSocket;
  readonly #io: Io;
  readonly #options: ExecOptions;
  readonly #over = new AbortController();
  readonly #waiting: Buffer[] = [];
  readonly #stderr: Buffer[] = [];
  #stderrSize = 0;
  #status = Buffer.alloc(0);
  #bytes = 0;
  /** True while `stdout` is still busy with the last piece; frames that were already read wait in `#waiting`. */
  #busy = false;
  #closed = false;
  #cause: unknown;
  #sending: Promise<void> = Promise.resolve();
  #settle: Settle | undefined;

  constructor(socket: WebSocket, io: Io, options: ExecOptions) {
    this.#socket = socket;
    this.#io = io;
    this.#options = options;
  }

  /** Streams until the end; see `execStream` for what it rejects with. */
  run(): Promise<ExecResult> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      const { signal } = this.#options;
      this.#socket.on('message', this.#onMessage);
      this.#socket.on('close', this.#onClose);
      this.#socket.on('error', this.#onError);
      signal.addEventListener('abort', this.#onAbort, { once: true });
      if (signal.aborted) {
        this.#onAbort();
        return;
      }
      this.#start();
    });
  }

  #start(): void {
    const socket = this.#socket;
    if (socket.protocol !== execProtocols.v5 && socket.protocol !== execProtocols.v4) {
      this.#fail(new OperationError('the server speaks neither v5 nor v4 of the exec protocol'));
      return;
    }
    keepAlive(socket, this.#io, {
      idleMs: this.#options.idleMs ?? defaultIdleMs,
      paused: () => this.#busy,
      onIdle: () => this.#fail(this.#broken('fell silent')),
      signal: this.#over.signal,
    });
    if (this.#options.input !== undefined) this.#sendQuietly(this.#options.input);
    this.#options.onStart?.({
      send: (data) => this.#send(data),
      closeInput: () => this.#closeInput(),
    });
    socket.resume();
  }

  readonly #onMessage = (data: unknown): void => {
    const frame = data as Buffer;
    if (this.#busy) this.#waiting.push(frame);
    else this.#take(frame);
  };

  #take(frame: Buffer): void {
    if (frame.length < 2 || this.#settle === undefined) return;
    const payload = frame.subarray(1);
    switch (frame[0]) {
      case channel.stdout:
        this.#takeOutput(payload);
        break;
      case channel.stderr:
        this.#takeStderr(payload);
        break;
      case channel.status:
        this.#takeStatus(payload);
        break;
      default:
        break;
    }
  }

  #takeOutput(payload: Buffer): void {
    this.#bytes += payload.length;
    try {
      const pending = this.#options.stdout(payload);
      if (pending === undefined) return;
      this.#busy = true;
      this.#socket.pause();
      pending.then(
        () => this.#continue(),
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  /** `stdout` is ready again: it gets the frames that were already read, then the network is resumed. */
  #continue(): void {
    this.#busy = false;
    for (let frame = this.#waiting.shift(); frame !== undefined; frame = this.#waiting.shift()) {
      this.#take(frame);
      if (this.#stalled()) return;
    }
    if (this.#closed) this.#fail(this.#broken('closed without a status'));
    else this.#socket.resume();
  }

  /** Whether `stdout` is busy again. A method, because the compiler cannot see that `#take` changes the field. */
  #stalled(): boolean {
    return this.#busy;
  }

  #takeStderr(payload: Buffer): void {
    const room = (this.#options.stderrLimit ?? defaultStderrLimit) - this.#stderrSize;
    if (room <= 0) return;
    const kept = payload.subarray(0, room);
    this.#stderrSize += kept.length;
    this.#stderr.push(Buffer.from(kept));
  }

  /** The Status may arrive in pieces; the command is over once it can be parsed. */
  #takeStatus(payload: Buffer): void {
    if (this.#status.length + payload.length > statusLimit) {
      this.#fail(this.#broken('sent a status that is too long'));
      return;
    }
    this.#status = Buffer.concat([this.#status, payload]);
    const end = parseExecStatus(this.#status);
    if (end !== undefined) this.#finish(end);
  }

  #finish(end: ExecEnd): void {
    if ('error' in end) {
      this.#fail(end.error);
      return;
    }
    const settle = this.#end();
    this.#closePolitely();
    settle?.resolve({
      exitCode: end.exitCode,
      bytes: this.#bytes,
      stderr: Buffer.concat(this.#stderr).toString('utf8'),
    });
  }

  #fail(error: unknown): void {
    const settle = this.#end();
    this.#socket.terminate();
    settle?.reject(error instanceof Error ? error : new Error('the stream was stopped', { cause: error }));
  }

  /** Detaches everything. Returns what settles the promise the first time, undefined afterwards. */
  #end(): Settle | undefined {
    const settle = this.#settle;
    this.#settle = undefined;
    this.#over.abort();
    this.#waiting.length = 0;
    this.#socket.off('message', this.#onMessage);
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    return settle;
  }

  #closePolitely(): void {
    const closed = new AbortController();
    this.#socket.once('close', () => closed.abort());
    this.#socket.resume();
    this.#socket.close(1000);
    this.#io.sleep(closeMs, closed.signal).then(
      () => this.#socket.terminate(),
      () => undefined,
    );
  }

  readonly #onClose = (): void => {
    this.#closed = true;
    if (!this.#busy) this.#fail(this.#broken('closed without a status'));
  };

  readonly #onError = (error: Error): void => {
    this.#cause = error;
    this.#socket.terminate();
  };

  readonly #onAbort = (): void => {
    this.#fail(this.#options.signal.reason);
  };

  #broken(how: string): StreamError {
    const { pod, namespace } = this.#options;
    return new StreamError(
      `the stream from pod "${pod}" in namespace "${namespace}" broke after ${formatCount(this.#bytes, 'byte')}: the connection ${how}`,
      { bytes: this.#bytes, cause: this.#cause },
    );
  }

  #send(data: Uint8Array): Promise<void> {
    return this.#inOrder(async () => {
      for (const frame of inputFrames(data)) await this.#sendFrame(frame);
    });
  }

  /** For input whose failure shows as the end of the stream anyway. */
  #sendQuietly(data: Uint8Array): void {
    this.#send(data).catch(() => undefined);
  }

  #closeInput(): Promise<void> {
    if (this.#socket.protocol !== execProtocols.v5) {
      return Promise.reject(
        new OperationError('this server cannot end the input of a command (it speaks v4)'),
      );
    }
    return this.#inOrder(() => this.#sendFrame(closeFrame(channel.stdin)));
  }

  #inOrder(act: () => Promise<void>): Promise<void> {
    const next = this.#sending.then(act);
    this.#sending = next.catch(() => undefined);
    return next;
  }

  #sendFrame(frame: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.send(frame, { binary: true }, (error) => {
        if (error) reject(this.#broken('is closed'));
        else resolve();
      });
    });
  }
}
