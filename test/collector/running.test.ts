import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { invocation } from '../../src/collector/invocation.ts';
import { callScript, collectFrames } from '../../src/collector/running.ts';
import type { Exec } from '../../src/collector/running.ts';
import { OperationError, PartialError } from '../../src/output/errors.ts';
import { sleepFor } from '../../src/output/io.ts';
import { piecesOf } from '../evidence/sandbox.ts';
import { localNode, MemorySink } from './local-node.ts';
import type { LocalNode } from './local-node.ts';
import { nullSink, sampleStream } from './sample-stream.ts';

const script = { name: 'test', text: '' };
const { signal } = new AbortController();
const items = ['first', 'second', 'third'].map((name) => ({
  name: Buffer.from(name),
  data: Buffer.from(`${name} `.repeat(20)),
  link: false,
}));

/** An exec whose far side sends the sample stream up to `length` bytes, in pieces, and then ends or throws. */
function sampleExec(options: { length?: number; ends?: Error; acknowledged?: string[] }): Exec {
  return async ({ input, stdout, onStart }) => {
    const token = /\n([0-9a-f]{32})\n/.exec(Buffer.from(input).toString('latin1'))?.[1] ?? '';
    const { bytes } = sampleStream(items, [1, 0, 2, 1, 0], token);
    onStart({
      send: (data) => Promise.resolve(void options.acknowledged?.push(Buffer.from(data).toString())),
    });
    const sent = bytes.subarray(0, options.length ?? bytes.length);
    for (let i = 0; i < sent.length; i += 100) await stdout(sent.subarray(i, i + 100));
    if (options.ends !== undefined) throw options.ends;
    return { exitCode: 0, stderr: 'words from the node\u001b[2J' };
  };
}

const failure = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => new Error('it did not fail'),
    (error: unknown) => error as Error,
  );

describe('collectFrames', () => {
  it('delivers the items and acknowledges once, after the last one', async () => {
    const acknowledged: string[] = [];
    const sink = new MemorySink();
    const summary = await collectFrames(sampleExec({ acknowledged }), script, sink, { args: [], signal });
    expect(summary.items).to.equal(3);
    expect(summary.bytes).to.equal(items.reduce((sum, { data }) => sum + data.length, 0));
    expect(sink.items.map(({ data }) => data.toString())).to.deep.equal(
      items.map(({ data }) => data.toString()),
    );
    expect(acknowledged).to.deep.equal(['\n']);
  });

  it('calls a stream that ends at any byte partial, and ends the open item as truncated', async () => {
    const whole = sampleStream(items, [1, 0, 2, 1, 0]).bytes.length;
    await fc.assert(
      fc.asyncProperty(fc.nat(whole - 1), fc.boolean(), async (length, breaks) => {
        const sink = new MemorySink();
        const ends = breaks ? { ends: new OperationError('connection reset') } : {};
        const error = await failure(
          collectFrames(sampleExec({ length, ...ends }), script, sink, { args: [], signal }),
        );
        expect(error).to.be.instanceOf(PartialError);
        sink.items.forEach(({ data, end }, i) => {
          const sent = items[i]?.data ?? Buffer.alloc(0);
          if (end.outcome === 'ok') expect(data.equals(sent)).to.equal(true);
          else {
            expect([end.outcome, end.length, i]).to.deep.equal([
              'truncated',
              data.length,
              sink.items.length - 1,
            ]);
            expect(sent.subarray(0, data.length).equals(data)).to.equal(true);
          }
        });
      }),
    );
  });

  it('says what the node said, safe for a terminal', async () => {
    const error = await failure(
      collectFrames(sampleExec({ length: 0 }), script, nullSink, { args: [], signal }),
    );
    expect(error.message).to.equal(
      'the stream from the node broke after 0 items: the script ended without saying so: words from the node\\x1b[2J',
    );
  });

  it('is content when the connection breaks after everything came', async () => {
    const exec = sampleExec({ ends: new OperationError('connection reset') });
    expect((await collectFrames(exec, script, nullSink, { args: [], signal })).items).to.equal(3);
  });

  it('lets a failure of the sink through as it is and gives it nothing more', async () => {
    let calls = 0;
    const sink = {
      ...nullSink,
      write: () => {
        calls += 1;
        return Promise.reject(new Error('disk full'));
      },
      end: () => {
        calls += 100;
        return Promise.resolve();
      },
    };
    const error = await failure(collectFrames(sampleExec({}), script, sink, { args: [], signal }));
    expect([error.message, calls]).to.deep.equal(['disk full', 1]);
  });

  it('refuses long arguments and NUL before anything is sent', async () => {
    const exec: Exec = () => Promise.reject(new Error('must not run'));
    const long = await failure(collectFrames(exec, script, nullSink, { args: ['x'.repeat(5000)], signal }));
    expect(long.message).to.match(/longer than 4096 bytes/);
    const nul = await failure(collectFrames(exec, script, nullSink, { args: ['a\0b'], signal }));
    expect(nul.message).to.match(/NUL/);
  });
});

describe('scripts under busybox', function () {
  this.timeout(20_000);
  let node: LocalNode;
  beforeEach(() => {
    node = localNode();
  });
  afterEach(() => node.remove());

  const call = (text: string, options: { args?: string[]; input?: Uint8Array; limit?: number } = {}) =>
    callScript(node.exec, { name: 'test', text }, { args: [], limit: 1000, ...options, signal });

  it('are called with arguments, input, both outputs and exit code', async () => {
    const result = await call('cat; printf "<%s>" "$@"; echo bad >&2; exit 9', {
      args: ['a b', '', "'; touch /tmp/x; '", '-rf', '$HOME'],
      input: Buffer.from('in\0put\n'),
    });
    expect(result.stdout.toString()).to.equal("in\0put\n<a b><><'; touch /tmp/x; '><-rf><$HOME>");
    expect([result.stderr, result.exitCode]).to.deep.equal(['bad\n', 9]);
  });

  it('may print as much as the limit and not more', async () => {
    expect((await call('printf 12345', { limit: 5 })).stdout.length).to.equal(5);
    const error = await failure(call('yes', { limit: 5 }));
    expect(error.message).to.equal('script test printed more than 5 bytes on the node');
  });

  it('get a large input whole', async () => {
    const input = Buffer.alloc(200_000, 'line of input\n');
    const { stdout } = await call('wc -c; wc -c <"$IR_RUN/input"', { input });
    expect(stdout.toString()).to.equal('200000\n200000\n');
  });

  it('are read whole from an input that comes in pieces', async () => {
    const inPieces: Exec = (options) =>
      node.exec({
        ...options,
        input: Buffer.alloc(0),
        onStart: (sender) => {
          options.onStart(sender);
          void (async () => {
            for await (const piece of piecesOf(Buffer.from(options.input), 700)) {
              await sender.send(piece);
              await sleepFor(1);
            }
          })();
        },
      });
    const input = Buffer.alloc(5000, 'line of input\n');
    const result = await callScript(
      inPieces,
      { name: 'test', text: `: ${'x'.repeat(3000)}\ncat` },
      { args: [], limit: 10_000, input, signal },
    );
    expect(result.stdout.equals(input)).to.equal(true);
  });

  it('wait for an input that is sent later', async () => {
    let send: (input: Uint8Array) => void = () => undefined;
    const input = new Promise<Uint8Array>((resolve) => (send = resolve));
    const ran = join(node.directory, 'ran');
    const script = { name: 'test', text: 'cat; : >"$1"' };
    const options = { args: [ran], input, limit: 100, signal };
    const answer = callScript(node.exec, script, options);
    while (node.running.size === 0) await sleepFor(1);
    await sleepFor(200);
    expect(existsSync(ran)).to.equal(false);
    send(Buffer.from('input'));
    expect((await answer).stdout.toString()).to.equal('input');
    expect(existsSync(ran)).to.equal(true);
  });

  it('do nothing when they are given up before their input was sent', async () => {
    const gone = new AbortController();
    const ran = join(node.directory, 'ran');
    const input = new Promise<Uint8Array>(() => undefined);
    const options = { args: [ran], input, limit: 100, signal: gone.signal };
    const answer = failure(callScript(node.exec, { name: 'test', text: ': >"$1"' }, options));
    while (node.running.size === 0) await sleepFor(1);
    gone.abort(new Error('gone'));
    expect((await answer).message).to.equal('gone');
    while (node.running.size > 0) await sleepFor(1);
    expect(existsSync(ran)).to.equal(false);
  });

  it('are not run when they did not come whole', () => {
    const { command, head: input } = invocation({
      script: { name: 'test', text: 'echo ran' },
      args: [],
      input: Buffer.from('input'),
      token: 'a'.repeat(32),
      mode: 'collect',
    });
    for (const missing of [1, 5, 6, 13, 14, 5000]) {
      const shell = join(node.directory, 'bin/sh');
      const ended = spawnSync(shell, command.slice(1), {
        env: node.env,
        input: input.subarray(0, input.length - missing),
      });
      expect([ended.status, ended.stdout.toString()], `${missing} missing`).to.deep.equal([70, '']);
    }
  });

  it('leave nothing behind in the spool', async () => {
    await call('echo x >"$IR_RUN/mine"');
    const { stdout } = await call('ls "${IR_RUN%/*}" | grep -c run');
    expect(stdout.toString()).to.equal('1\n');
  });

  it('die with all they started when the responder is gone', async () => {
    const gone = new AbortController();
    const text = 'sleep 300 & echo $! >"$1"; wait';
    const running = failure(
      collectFrames(node.exec, { name: 'test', text }, nullSink, {
        args: [`${node.directory}/pid`],
        signal: gone.signal,
      }),
    );
    let pid = '';
    while (pid === '')
      pid = (await call(`cat "${node.directory}/pid" 2>/dev/null; true`)).stdout.toString().trim();
    gone.abort(new Error('gone'));
    expect((await running).message).to.equal('gone');
    expect(node.running.size).to.equal(0);
    const state = `sed 's/.*) \\(.\\).*/\\1/' /proc/${pid}/stat 2>/dev/null || echo gone`;
    expect((await call(state)).stdout.toString()).to.match(/^(Z|gone)$/m);
  });
});
