import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Outcome } from '../cluster/run.ts';

/** A port of a machine, by which scripts run on it one after the other; serve.sh is its other end. */
export class Port {
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#lines = createInterface(socket)[Symbol.asyncIterator]();
  }

  static async open(path: string): Promise<Port> {
    const socket = connect(path);
    await once(socket, 'connect');
    return new Port(socket);
  }

  /** Runs a script to its end. Throws Error when the machine ends before. */
  async run(script: string): Promise<Outcome> {
    this.#socket.write(`${Buffer.from(script).toString('base64')}\n`);
    const answer = await this.#lines.next();
    if (answer.done === true) throw new Error('the machine has ended');
    const [code = '', ...texts] = answer.value.split(' ');
    const [stdout = '', stderr = ''] = texts.map((text) => Buffer.from(text.slice(1), 'base64').toString());
    return { code: Number(code), stdout, stderr };
  }

  close(): void {
    this.#socket.destroy();
  }
}
