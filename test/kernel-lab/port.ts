import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stderr: string;
}

/** One port of a machine, by which commands run on it one after the other; serve.sh is its other end. */
export class Port {
  readonly #socket: Socket;
  readonly #pieces: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    // A loop over it would close the port behind each command.
    this.#pieces = socket.iterator({ destroyOnReturn: false });
  }

  static async open(path: string): Promise<Port> {
    const socket = connect(path);
    await once(socket, 'connect');
    return new Port(socket);
  }

  /** Runs a command; what it prints goes to `stdout`, piece by piece. Throws Error when the machine ends. */
  async run(
    words: readonly string[],
    input: AsyncIterable<Buffer>,
    stdout: (chunk: Buffer) => Promise<void>,
  ): Promise<Ended> {
    const mark = randomBytes(16).toString('hex');
    const encoded = words.map((word) => `.${Buffer.from(word).toString('base64')}`);
    this.#socket.write(`${mark} ${encoded.join(' ')}\n`);
    const ended = new AbortController();
    void this.#send(input, ended.signal);
    const trailer = Buffer.from(`\0${mark} `);
    for (;;) {
      const at = this.#rest.indexOf(trailer);
      const end = at < 0 ? -1 : this.#rest.indexOf('\n', at + trailer.length);
      if (end >= 0) {
        ended.abort();
        if (at > 0) await stdout(this.#rest.subarray(0, at));
        const [code = '', said = ''] = this.#rest.toString('latin1', at + trailer.length, end).split(' ');
        this.#rest = this.#rest.subarray(end + 1);
        return { code: Number(code), stderr: Buffer.from(said, 'base64').toString() };
      }
      // What may be the beginning of the trailer waits for the next piece; no more, since a command may wait for an answer.
      const begun = at < 0 ? this.#rest.lastIndexOf(0) : at;
      const sure =
        begun >= 0 && trailer.indexOf(this.#rest.subarray(begun, begun + trailer.length)) === 0
          ? begun
          : this.#rest.length;
      if (sure > 0) await stdout(this.#rest.subarray(0, sure));
      this.#rest = this.#rest.subarray(sure);
      const next = await this.#pieces.next();
      if (next.done === true) throw new Error('the machine has ended');
      this.#rest = Buffer.concat([this.#rest, next.value]);
    }
  }

  async #send(input: AsyncIterable<Buffer>, ended: AbortSignal): Promise<void> {
    for await (const piece of input) if (!ended.aborted) this.#socket.write(piece);
  }

  close(): void {
    this.#socket.destroy();
  }
}
