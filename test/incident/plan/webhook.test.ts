import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { type Delivery, postMessage } from '../../../src/incident/plan/webhook.ts';
import { OperationError } from '../../../src/output/errors.ts';
import { failureOf } from '../../support/failure.ts';
import { type MemoryIo, memoryIo } from '../../support/memory-io.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A receiver that answers one request after the other, the last answer for all that follow. */
class Receiver {
  readonly bodies: string[] = [];
  readonly paths: string[] = [];
  readonly types: (string | undefined)[] = [];
  readonly #server: Server;

  constructor(...answers: readonly Answer[]) {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const answer = answers[Math.min(this.bodies.length, answers.length - 1)];
        this.bodies.push(body);
        this.paths.push(`${request.method ?? ''} ${request.url ?? ''}`);
        this.types.push(request.headers['content-type']);
        answer?.(response, request);
      });
    });
  }

  async open(): Promise<URL> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return new URL(`http://127.0.0.1:${port}/hook/secret?x=1`);
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Answer =>
  (response) =>
    void response.writeHead(code, headers).end(body);

const quick = { tries: 4, tryMs: 10_000, allMs: 20_000, firstPauseMs: 1000 };
const impatient = { ...quick, tryMs: 300 };

describe('postMessage', () => {
  const receivers: Receiver[] = [];
  const receiver = async (...answers: readonly Answer[]): Promise<{ at: Receiver; url: URL }> => {
    const at = new Receiver(...answers);
    receivers.push(at);
    return { at, url: await at.open() };
  };
  afterEach(async () => {
    for (const one of receivers.splice(0)) await one.close();
  });
  const post = (
    url: URL,
    io: MemoryIo = memoryIo(),
    signal = new AbortController().signal,
    patience = quick,
  ): Promise<Delivery> => postMessage(io, url, 'SEV1 "now"\n\u202e', signal, patience);

  it('posts one JSON object with the text', async () => {
    const { at, url } = await receiver(status(200, {}, 'ok'));
    expect(await post(url)).to.deep.equal({ status: 200, tries: 1 });
    expect(at.bodies).to.deep.equal(['{"text":"SEV1 \\"now\\"\\n\u202e"}']);
    expect([at.paths, at.types]).to.deep.equal([['POST /hook/secret?x=1'], ['application/json']]);
  });

  it('tries again after 500, twice as long after each', async () => {
    const { at, url } = await receiver(status(500), status(503), status(204));
    const io = memoryIo();
    const begin = io.monotonic();
    expect(await post(url, io)).to.deep.equal({ status: 204, tries: 3 });
    expect([io.monotonic() - begin, at.bodies.length]).to.deep.equal([3000, 3]);
  });

  it('waits as long as Retry-After asks for, in seconds or as a date, and no longer than there is time', async () => {
    const later = new Date(memoryIo().now().getTime() + 12_000).toUTCString();
    const { url } = await receiver(
      status(429, { 'retry-after': '7' }),
      status(429, { 'retry-after': later }),
      status(200),
    );
    const io = memoryIo();
    const begin = io.monotonic();
    expect(await post(url, io)).to.deep.equal({ status: 200, tries: 3 });
    expect(io.monotonic() - begin).to.equal(12_000);
    const { at, url: busy } = await receiver(status(429, { 'retry-after': '3600' }));
    expect((await failureOf(post(busy))).message).to.match(/it answers 429$/);
    expect(at.bodies).to.have.length(1);
  });

  it('gives up after four tries, and at once for what another try does not mend', async () => {
    const { at, url } = await receiver(status(500));
    const error = await failureOf(post(url));
    expect(error).to.be.instanceOf(OperationError);
    expect(error.message).to.equal(`the message did not reach ${url.host}: it answers 500, after 4 tries`);
    expect(at.bodies).to.have.length(4);
    for (const code of [400, 401, 403, 404, 410]) {
      const { at: refusing, url: closed } = await receiver(status(code));
      expect((await failureOf(post(closed))).message).to.match(new RegExp(`: it answers ${code}$`));
      expect(refusing.bodies).to.have.length(1);
    }
  });

  it('says that the connection was refused, and never the path, which is a secret', async () => {
    const { at, url } = await receiver(status(200));
    await at.close();
    const error = await failureOf(post(url));
    expect(error.message).to.match(/ECONNREFUSED.*, after 4 tries$/);
    expect(error).to.be.instanceOf(OperationError);
    expect(JSON.stringify(error)).to.not.contain('secret');
    expect(error.message).to.not.contain('secret');
  });

  it('ends with a receiver that hangs, before or in its answer', async () => {
    const { signal } = new AbortController();
    const { url } = await receiver(() => undefined);
    const { message } = await failureOf(post(url, memoryIo(), signal, impatient));
    expect(message).to.match(/no answer in time, after 4 tries$/);
    const { url: slow } = await receiver((response) => void response.writeHead(200).write('x'));
    expect(await post(slow, memoryIo(), signal, { ...impatient, tryMs: 1000 })).to.deep.equal({
      status: 200,
      tries: 1,
    });
  });

  it('follows no redirect, and names where it leads', async () => {
    const { at: other, url: elsewhere } = await receiver(status(200));
    for (const code of [301, 302, 307, 308]) {
      const { at, url } = await receiver(status(code, { location: elsewhere.href }));
      const { message } = await failureOf(post(url));
      expect(message).to.contain(`it answers ${code}, a redirect to ${elsewhere.host}; put the address`);
      expect(message).to.not.contain('secret');
      expect(at.bodies).to.have.length(1);
    }
    const { url: odd } = await receiver(status(302, { location: 'http://[' }));
    expect((await failureOf(post(odd))).message).to.contain('a redirect; put the address');
    expect(other.bodies).to.deep.equal([]);
  });

  it('reads no more of a big answer than it needs', async () => {
    let sent = 0;
    const { url } = await receiver((response) => {
      response.on('error', () => undefined).writeHead(200);
      const chunk = Buffer.alloc(65_536);
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
        response.once('drain', more);
      };
      more();
    });
    expect(await post(url)).to.deep.equal({ status: 200, tries: 1 });
    expect(sent).to.be.lessThan(64 * 1024 * 1024);
  });

  it('stops when it is interrupted', async () => {
    const controller = new AbortController();
    const { url } = await receiver(() => controller.abort(new Error('stopped by SIGINT')));
    expect((await failureOf(post(url, memoryIo(), controller.signal))).message).to.equal('stopped by SIGINT');
  });

  it('trusts no certificate that nobody vouches for', async () => {
    const { url } = await receiver(status(200));
    url.protocol = 'https:';
    expect((await failureOf(post(url))).message).to.match(/did not reach/);
  });
});
