import { createHash, randomBytes } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { execStream } from '../../src/cluster/exec.ts';
import { StreamError } from '../../src/cluster/stream-error.ts';
import { OperationError } from '../../src/output/errors.ts';
import { sleepFor } from '../../src/output/io.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { execOn } from './exec-on.ts';

describe('ExecSession', () => {
  const cluster = fakeCluster();
  const run = execOn(cluster);

  it('sends input at once and more while the command runs, in order', async () => {
    const input = randomBytes(100_000);
    let received = Buffer.alloc(0);
    cluster.fake.onExec(async (exec) => {
      for await (const piece of exec.input()) received = Buffer.concat([received, piece]);
      await exec.exit(0);
    });
    await run({
      input,
      onStart: (control) => {
        void control.send(Buffer.from('then this')).then(() => control.closeInput());
      },
    });
    expect(received.equals(Buffer.concat([input, Buffer.from('then this')]))).to.equal(true);
  });

  it('lets the command wait for an acknowledgement before it exits', async () => {
    cluster.fake.onExec(async (exec) => {
      await exec.write('12345');
      expect(await exec.line()).to.equal('got it');
      await exec.exit(0);
    });
    let acknowledge: () => void = () => undefined;
    const result = await run({
      onStart: (control) => (acknowledge = () => void control.send(Buffer.from('got it\n'))),
      stdout: () => acknowledge(),
    });
    expect(result.bytes).to.equal(5);
  });

  it('holds the sender back while stdout is not ready, and keeps the order', async () => {
    const block = randomBytes(1 << 20);
    const total = 48;
    let sent = 0;
    cluster.fake.onExec(async (exec) => {
      for (; sent < total; sent += 1) await exec.write(block);
      await exec.exit(0);
    });
    let release: () => void = () => undefined;
    let pending = 0;
    let first = true;
    const got = createHash('sha256');
    const result = run({
      stdout: async (chunk): Promise<void> => {
        got.update(chunk);
        pending += 1;
        expect(pending).to.equal(1);
        if (first) await new Promise<void>((resolve) => (release = resolve));
        first = false;
        await sleepFor(0);
        pending -= 1;
      },
    });
    await sleepFor(300);
    expect(sent).to.be.lessThan(total / 2);
    release();
    const { bytes } = await result;
    expect(bytes).to.equal(total * block.length);
    const hash = createHash('sha256');
    for (let i = 0; i < total; i += 1) hash.update(block);
    expect(got.digest('hex')).to.equal(hash.digest('hex'));
  });

  it('reports a connection cut at any byte as truncated, 100 times of 100', async () => {
    const data = randomBytes(200_000);
    for (let round = 0; round < 100; round += 1) {
      const cutAt = Math.floor((round / 100) * data.length);
      const orderly = round % 2 === 0;
      cluster.fake.onExec(async (exec) => {
        if (cutAt > 0) await exec.write(data.subarray(0, cutAt));
        if (orderly) exec.closeWithoutStatus();
        else exec.cut();
      });
      const slow = round % 3 === 0 ? () => sleepFor(1) : () => undefined;
      const error = await failureOf(run({ stdout: slow }));
      if (!(error instanceof StreamError)) throw error;
      expect(error.bytes).to.be.at.most(cutAt);
      if (orderly) expect(error.bytes).to.equal(cutAt);
    }
  });

  it('names the pod and the bytes when the stream breaks', async () => {
    cluster.fake.onExec(async (exec) => {
      await exec.write('abc');
      exec.closeWithoutStatus();
    });
    const error = await failureOf(run());
    expect(error.message).to.equal(
      'the stream from pod "web" in namespace "default" broke after 3 bytes: the connection closed without a status',
    );
  });

  it('gives the reason of an abort at once, even while stdout hangs', async () => {
    const controller = new AbortController();
    cluster.fake.onExec((exec) => exec.write('x'));
    const error = failureOf(
      run({
        signal: controller.signal,
        stdout: () => {
          controller.abort(new OperationError('stop'));
          return new Promise(() => undefined);
        },
      }),
    );
    expect((await error).message).to.equal('stop');
  });

  it('fails with what stdout threw or rejected with', async () => {
    cluster.fake.onExec((exec) => exec.write('x'));
    const thrown = await failureOf(
      run({
        stdout: () => {
          throw new OperationError('disk full');
        },
      }),
    );
    const rejected = await failureOf(run({ stdout: () => Promise.reject(new OperationError('disk full')) }));
    expect([thrown.message, rejected.message]).to.deep.equal(['disk full', 'disk full']);
  });

  it('keeps only the beginning of stderr', async () => {
    cluster.fake.onExec(async (exec) => {
      for (let i = 0; i < 50; i += 1) await exec.writeError('0123456789');
      await exec.exit(0);
    });
    expect((await run({ stderrLimit: 25 })).stderr).to.equal('0123456789012345678901234'.slice(0, 25));
  });

  it('notices a server that fell silent', async () => {
    let clock = 0;
    const io = memoryIo({ monotonic: () => (clock += 40) });
    cluster.fake.onExec((exec) => exec.socket.pause());
    const error = await failureOf(
      execStream(cluster.api, io, {
        namespace: 'default',
        pod: 'web',
        container: 'app',
        command: ['true'],
        stdout: () => undefined,
        idleMs: 60,
        signal: new AbortController().signal,
      }),
    );
    expect(error.message).to.match(/fell silent/);
  });

  it('takes a Status in pieces, and nothing after it', async () => {
    cluster.fake.onExec(async (exec) => {
      await exec.write('a');
      const status = '{"metadata":{},"status":"Success"}';
      for (const letter of status) await exec.frame(3, letter);
      await exec.write('late');
    });
    expect(await run()).to.include({ exitCode: 0, bytes: 1 });
  });

  const hostile: [string, number, string | Uint8Array][] = [
    ['half a Status', 3, '{"status":"Succ'],
    ['a Status that is none', 3, '[]'],
    ['a Status that is not UTF-8', 3, Uint8Array.from([0xff, 0xfe, 0x00])],
    ['a Status without end', 3, `"${'x'.repeat(70_000)}`],
    ['a channel that does not exist', 77, 'x'],
    ['a closing of stdout', 255, Uint8Array.from([1])],
    ['an empty message of stdout', 1, ''],
  ];
  for (const [what, channel, data] of hostile) {
    it(`does not take ${what} for the end of the command`, async () => {
      cluster.fake.onExec(async (exec) => {
        await exec.write('abc');
        await exec.frame(channel, data);
        exec.closeWithoutStatus();
      });
      expect(await failureOf(run()))
        .to.be.instanceOf(StreamError)
        .with.property('bytes', 3);
    });
  }

  it('does not hold a message that is larger than any server sends', async () => {
    cluster.fake.onExec(async (exec) => {
      await exec.write(Buffer.alloc(33 * 1024 * 1024));
      await exec.exit(0);
    });
    const error = await failureOf(run());
    expect(error).to.be.instanceOf(StreamError).with.property('bytes', 0);
    expect((error.cause as Error).message).to.match(/Max payload size exceeded/);
  });

  it('rejects what is sent when the stream is over', async () => {
    let late: ((data: Uint8Array) => Promise<void>) | undefined;
    await run({ onStart: (control) => (late = (data) => control.send(data)) });
    await sleepFor(20);
    expect(await failureOf(late?.(Buffer.from('x')) ?? Promise.resolve())).to.be.instanceOf(StreamError);
  });

  it('leaves no listener on the signal and no timer behind', async () => {
    const { signal } = new AbortController();
    const before = getEventListeners(signal, 'abort').length;
    await run({ signal });
    expect(getEventListeners(signal, 'abort').length).to.equal(before);
  });
});
