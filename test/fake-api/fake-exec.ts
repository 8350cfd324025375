import type { Duplex } from 'node:stream';
import type WebSocket from 'ws';

const [stdin, stdout, stderr, status, close] = [0, 1, 2, 3, 255];

/** The server's end of one remote command, for a test to play the container. */
export class FakeExec {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly protocol: string;
  readonly socket: WebSocket;
  readonly #raw: Duplex;
  readonly #input: Buffer[] = [];
  #inputEnded = false;
  #wake: () => void = () => undefined;

  constructor(path: URL, socket: WebSocket, raw: Duplex) {
    const [, , , , namespace = '', , pod = ''] = path.pathname.split('/').map(decodeURIComponent);
    this.namespace = namespace;
    this.pod = pod;
    this.container = path.searchParams.get('container') ?? '';
    this.command = path.searchParams.getAll('command');
    this.protocol = socket.protocol;
    this.socket = socket;
    this.#raw = raw;
    socket.on('message', (data: Buffer) => {
      if (data[0] === stdin && data.length > 1) this.#input.push(data.subarray(1));
      if (data[0] === close && data[1] === stdin) this.#inputEnded = true;
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#inputEnded = true;
      this.#wake();
    });
  }

  /** Pieces of stdin until the client ends it or is gone. */
  async *input(): AsyncGenerator<Buffer> {
    for (;;) {
      const piece = this.#input.shift();
      if (piece !== undefined) yield piece;
      else if (this.#inputEnded) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Waits for a line on stdin, such as an acknowledgement; what comes after it in the same piece is lost. */
  async line(): Promise<string> {
    let text = '';
    for await (const piece of this.input()) {
      text += piece.toString('latin1');
      if (text.includes('\n')) break;
    }
    return text.split('\n')[0] ?? '';
  }

  /** Resolves when the socket has taken it. */
  write(data: Uint8Array | string): Promise<void> {
    return this.frame(stdout, data);
  }

  writeError(data: Uint8Array | string): Promise<void> {
    return this.frame(stderr, data);
  }

  /** Ends the command as the API server does. */
  async exit(code: number): Promise<void> {
    await this.frame(
      status,
      JSON.stringify(
        code === 0
          ? { metadata: {}, status: 'Success' }
          : {
              metadata: {},
              status: 'Failure',
              message: `command terminated with non-zero exit code: exit status ${code}`,
              reason: 'NonZeroExitCode',
              details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
            },
      ),
    );
    this.socket.close(1000);
  }

  /** Any message, for hostile tests. */
  frame(channel: number, data: Uint8Array | string): Promise<void> {
    return new Promise((resolve) => {
      this.socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(data)]), () => resolve());
    });
  }

  /** Closes the WebSocket in order, without a Status. */
  closeWithoutStatus(): void {
    this.socket.close(1000);
  }

  /** Cuts the TCP connection. */
  cut(): void {
    this.#raw.destroy();
  }
}
