import { randomInt } from 'node:crypto';
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
import { startCuttingProxy } from './support/cutting-proxy.ts';
import { kubectl, plainImage } from './support/world.ts';

const namespace = 'e2e-exec';
const mebibyte = 1024 * 1024;

const source = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'source' },
  spec: {
    terminationGracePeriodSeconds: 0,
    automountServiceAccountToken: false,
    containers: [
      {
        name: 'source',
        image: plainImage,
        command: ['sleep', '100000'],
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      },
    ],
    volumes: [{ name: 'data', emptyDir: {} }],
  },
};

describe('exec on a real cluster', function () {
  this.timeout(180_000);
  const io = processIo();
  let api: Api;
  before(async () => {
    await kubectl(['create', 'namespace', namespace]);
    await kubectl(['apply', '-n', namespace, '-f', '-'], JSON.stringify(source));
    await kubectl(['wait', 'pod/source', '-n', namespace, '--for=condition=Ready', '--timeout=60s']);
    api = await connect(io, { namespace });
  });
  after(async () => {
    await api.close();
    await kubectl(['delete', 'namespace', namespace, '--wait=false']);
  });

  const exec = (command: string[], changes: Partial<ExecOptions> = {}, way: Api = api): Promise<ExecResult> =>
    execStream(way, io, {
      namespace,
      pod: 'source',
      container: 'source',
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

  it('brings 1 GiB whole, in less than 200 MB of memory', async () => {
    const size = 1024 * mebibyte;
    const wanted = await plant('/data/large', size);
    const reader = join(import.meta.dirname, '../bench/exec-cat.ts');
    const printed = await run(process.execPath, [
      ...[reader, namespace, 'source', 'source', '/data/large', String(size)],
    ]);
    const read = JSON.parse(printed) as { bytes: number; sha256: string; rss: number };
    expect(read).to.include({ bytes: size, sha256: wanted });
    expect(read.rss).to.be.below(200e6);
    await kubectl(['exec', '-n', namespace, 'source', '--', 'rm', '/data/large']);
  });

  it('reports a connection cut at a random byte as truncated, 100 times of 100', async () => {
    const size = 4 * mebibyte;
    await plant('/data/small', size);
    const whole: Buffer[] = [];
    await exec(['cat', '/data/small'], { stdout: (chunk) => void whole.push(chunk) });
    const content = Buffer.concat(whole);
    expect(content.length).to.equal(size);
    const url = new URL(api.server);
    const cutOnce = async (): Promise<'before' | 'within'> => {
      const cut = { afterBytes: randomInt(1, size), reset: randomInt(2) === 1 };
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
        expect(received.length).to.be.below(size);
        if (error instanceof ApiError && error.status === 0 && received.length === 0) return 'before';
        if (!(error instanceof StreamError)) throw error;
        expect(error.bytes).to.equal(received.length);
        return 'within';
      } finally {
        await way.close();
        await proxy.close();
      }
    };
    const ends: string[] = [];
    for (let round = 0; round < 25; round += 1) {
      ends.push(...(await Promise.all([cutOnce(), cutOnce(), cutOnce(), cutOnce()])));
    }
    expect(ends).to.have.length(100);
    expect(ends.filter((end) => end === 'within').length).to.be.above(80);
  });

  it('loses nothing of a command that waits for the acknowledgement, with a slow reader', async () => {
    const size = 24 * mebibyte;
    const wanted = await plant('/data/acknowledged', size);
    let received = 0;
    let send: (data: Uint8Array) => Promise<void> = () => Promise.resolve();
    const result = await exec(['sh', '-c', 'cat /data/acknowledged; read -r _'], {
      onStart: (control) => {
        send = (data) => control.send(data);
      },
      stdout: async (chunk) => {
        received += chunk.length;
        if (received % (64 * 1024) === 0) await io.sleep(2);
        if (received === size) await send(Buffer.from('\n'));
      },
    });
    expect(result).to.deep.include({ exitCode: 0, bytes: size, sha256: wanted });
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
