import { createHash, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Api } from '../../src/cluster/api.ts';
import { connect } from '../../src/cluster/connect.ts';
import { execStream } from '../../src/cluster/exec.ts';
import type { ExecOptions, ExecResult } from '../../src/cluster/exec-types.ts';
import { StreamError } from '../../src/cluster/stream-error.ts';
import { ApiError } from '../../src/output/errors.ts';
import { processIo } from '../../src/output/io.ts';
import { run } from '../cluster/run.ts';
import { failureOf } from '../support/failure.ts';
import { amountOf } from '../support/amounts.ts';
import { measured } from '../support/figures.ts';
import { image, imageOf } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { startCuttingProxy } from './support/cutting-proxy.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from './support/workload.ts';
import { kubectl } from './support/world.ts';

const namespace = 'e2e-exec';
const mebibyte = 1024 * 1024;
const gibibyte = 1024 * mebibyte;
const gibibytes = amountOf('gibibytes');
const cuts = amountOf('cuts');

describe('exec on a real cluster', function () {
  requires(this, image('collector'));
  this.timeout(180_000);
  const io = processIo();
  let api: Api;
  before(async () => {
    await createNamespace(namespace);
    await apply(namespace, [
      pod('source', { image: imageOf('collector'), command: ['sleep', '100000'], volume: '/data' }),
    ]);
    await untilReady(namespace);
    api = await connect(io, { namespace });
  });
  after(async () => {
    await api.close();
    await removeNamespaces(namespace);
  });

  const exec = (command: string[], changes: Partial<ExecOptions> = {}, way: Api = api): Promise<ExecResult> =>
    execStream(way, io, {
      namespace,
      pod: 'source',
      container: 'main',
      command,
      stdout: () => undefined,
      signal: AbortSignal.timeout(60_000),
      ...changes,
    });
  /** Makes a file of random bytes in the pod; its sha256. */
  const plant = async (file: string, size: number): Promise<string> => {
    const script = 'head -c "$1" /dev/urandom >"$2"; sha256sum "$2"';
    const command = ['exec', '-n', namespace, 'source', '--', 'sh', '-c', script, 'sh', String(size), file];
    return (await kubectl(command)).slice(0, 64);
  };

  it(`brings ${gibibytes} GiB whole, in less than 200 MB of memory`, async () => {
    await plant('/data/large', gibibyte);
    const files = Array<string>(gibibytes).fill('/data/large');
    const sum = ['sh', '-c', 'cat "$@" | sha256sum', 'sh', ...files];
    const wanted = (await kubectl(['exec', '-n', namespace, 'source', '--', ...sum])).slice(0, 64);
    const size = gibibytes * gibibyte;
    const reader = join(import.meta.dirname, '../bench/exec-cat.ts');
    const printed = await run(process.execPath, [
      reader,
      namespace,
      'source',
      'main',
      String(size),
      ...files,
    ]);
    const read = JSON.parse(printed) as { bytes: number; sha256: string; rss: number; seconds: number };
    expect(read).to.include({ bytes: size, sha256: wanted });
    expect(read.rss).to.be.below(200e6);
    const speed = `${read.seconds.toFixed(1)} s, ${(size / 1e6 / read.seconds).toFixed(0)} MB/s`;
    await measured(`${gibibytes} GiB through one exec, sha256 equal`, speed);
    await measured('peak memory of that', `${(read.rss / 2 ** 20).toFixed(0)} MiB`);
    await kubectl(['exec', '-n', namespace, 'source', '--', 'rm', '/data/large']);
  }).timeout(60_000 + gibibytes * 120_000);

  it(`reports a connection cut at a random byte as truncated, ${cuts} times of ${cuts}`, async () => {
    const size = 4 * mebibyte;
    await plant('/data/small', size);
    const whole: Buffer[] = [];
    await exec(['cat', '/data/small'], { stdout: (chunk) => void whole.push(chunk) });
    const content = Buffer.concat(whole);
    expect(content.length).to.equal(size);
    const ends: string[] = [];
    let left = cuts;
    const cutOn = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        ends.push(await cutOnce(content));
      }
    };
    await Promise.all([cutOn(), cutOn(), cutOn(), cutOn()]);
    expect(ends).to.have.length(cuts);
    expect(ends.filter((end) => end === 'within').length).to.be.above(cuts * 0.8);
    await measured('connections cut at a random byte and reported', `${ends.length} of ${cuts}`);
  }).timeout(60_000 + cuts * 2_000);

  /** Cuts one transfer of `content` at a random byte: before any of it came, or within it. */
  async function cutOnce(content: Buffer): Promise<'before' | 'within'> {
    const url = new URL(api.server);
    const cut = { afterBytes: randomInt(1, content.length), reset: randomInt(2) === 1 };
    const proxy = await startCuttingProxy(url.hostname, Number(url.port || 443), cut);
    const way = await connect(io, {
      server: `${url.protocol}//127.0.0.1:${proxy.port}${url.pathname}`,
      'tls-server-name': url.hostname,
    });
    const got: Buffer[] = [];
    try {
      const stdout = (chunk: Buffer): void => void got.push(chunk);
      const error = await failureOf(exec(['cat', '/data/small'], { stdout }, way));
      const received = Buffer.concat(got);
      expect(received.equals(content.subarray(0, received.length))).to.equal(true);
      expect(received.length).to.be.below(content.length);
      if (error instanceof ApiError && error.status === 0 && received.length === 0) return 'before';
      if (!(error instanceof StreamError)) throw error;
      expect(error.bytes).to.equal(received.length);
      return 'within';
    } finally {
      await way.close();
      await proxy.close();
    }
  }

  it('loses nothing of a command that waits for the acknowledgement, with a slow reader', async () => {
    const size = 24 * mebibyte;
    const wanted = await plant('/data/acknowledged', size);
    const hash = createHash('sha256');
    let received = 0;
    let send: (data: Uint8Array) => Promise<void> = () => Promise.resolve();
    const result = await exec(['sh', '-c', 'cat /data/acknowledged; read -r _'], {
      onStart: (control) => {
        send = (data) => control.send(data);
      },
      stdout: async (chunk) => {
        hash.update(chunk);
        received += chunk.length;
        if (received % (64 * 1024) === 0) await io.sleep(2);
        if (received === size) await send(Buffer.from('\n'));
      },
    });
    expect(result).to.deep.include({ exitCode: 0, bytes: size });
    expect(hash.digest('hex')).to.equal(wanted);
  });

  it('sends input with backpressure and ends it', async () => {
    const input = Buffer.alloc(3 * mebibyte, 'input ');
    const result = await exec(['sh', '-c', 'sha256sum; exit 5'], {
      input,
      onStart: (control) => void control.closeInput(),
    });
    expect(result.exitCode).to.equal(5);
    expect(result.bytes).to.equal(68);
  });

  it('gives the server’s words for a command, container and pod that are not there', async () => {
    expect((await failureOf(exec(['no-such-command']))).message).to.match(/executable file not found/);
    expect(await failureOf(exec(['true'], { container: 'x' }))).to.include({
      status: 400,
      message: 'container x is not valid for pod source',
    });
    expect(await failureOf(exec(['true'], { pod: 'x' }))).to.include({
      status: 404,
      message: 'pods "x" not found',
    });
  });

  it('stops at once when it is aborted', async () => {
    const controller = new AbortController();
    const started = io.monotonic();
    const stopped = failureOf(
      exec(['sleep', '60'], {
        signal: controller.signal,
        onStart: () => setTimeout(() => controller.abort(), 100),
      }),
    );
    expect((await stopped).name).to.equal('AbortError');
    expect(io.monotonic() - started).to.be.below(10_000);
  });
});
