import { Writable } from 'node:stream';
import { expect } from 'chai';
import { main } from '../src/cli.ts';
import { ApiError, PartialError } from '../src/output/errors.ts';
import { type Io, writeLine } from '../src/output/io.ts';
import type { Signals } from '../src/output/signals.ts';
import type { RegistryEntry } from '../src/registry/entry.ts';
import { type CommandContext, defineCommand } from '../src/subcommands/command.ts';
import { type MemoryIo, memoryIo } from './support/memory-io.ts';

type Run = (context: CommandContext, words: readonly string[]) => Promise<number>;

class FakeSignals implements Signals {
  interrupt: (signal: string) => void = () => undefined;
  crash: (error: unknown) => void = () => undefined;
  subscriptions = 0;
  readonly ends: number[] = [];

  onInterrupt(listener: (signal: string) => void): () => void {
    this.interrupt = listener;
    return this.#subscribe();
  }

  onCrash(listener: (error: unknown) => void): () => void {
    this.crash = listener;
    return this.#subscribe();
  }

  exitNow(code: number): void {
    this.ends.push(code);
  }

  #subscribe(): () => void {
    this.subscriptions += 1;
    return () => (this.subscriptions -= 1);
  }
}

function entry(words: string[], run: Run, afterInterrupt?: string): RegistryEntry {
  const command = defineCommand({
    flags: { node: { type: 'string', summary: 'node' } },
    complete: (rest) => rest,
    run: (rest, context) => run(context, rest),
    ...(afterInterrupt === undefined ? {} : { afterInterrupt }),
  });
  return {
    words,
    group: 'Set up',
    summary: 'Do it',
    usage: '',
    about: [],
    examples: [],
    load: () => Promise.resolve({ command }),
  };
}

interface Result {
  readonly code: number;
  readonly io: MemoryIo;
  readonly signals: FakeSignals;
}

async function ir(line: string, run: Run, io: MemoryIo = memoryIo()): Promise<Result> {
  const signals = new FakeSignals();
  const entries = [entry(['act'], run), entry(['look', 'node'], run)];
  const code = await main(line.split(' ').filter(Boolean), io, signals, entries);
  return { code, io, signals };
}

const done: Run = () => Promise.resolve(0);

describe('main', () => {
  it('answers what may be typed next, in words that no parser of flags gets to see, and help does not tell of it', async () => {
    const { code, io } = await ir('__complete lo', done);
    expect([code, io.out(), io.err()]).to.deep.equal([0, 'look\tnode\n:4\n', '']);
    const flags = await ir('__complete act --no', done);
    expect(flags.io.out()).to.equal('--node\tnode\n:4\n');
    expect((await ir('', done)).io.out()).not.to.include('__complete');
  });

  it('runs a command with its words, the global flags and its exit code', async () => {
    let seen: unknown;
    const { code, io, signals } = await ir('-n prod act web --node a -v=2', ({ global }, words) => {
      seen = { global, words };
      return Promise.resolve(3);
    });
    expect(code).to.equal(3);
    expect(seen).to.deep.equal({
      global: { namespace: 'prod', v: 2, 'as-group': [], 'insecure-skip-tls-verify': false },
      words: ['web'],
    });
    expect([io.out(), io.err(), signals.subscriptions]).to.deep.equal(['', '', 0]);
  });

  it('finds a command of two words with a flag between them', async () => {
    expect(await ir('look -n prod node web', done)).to.have.property('code', 0);
  });

  for (const line of ['', '--help', '-h', 'help', '-n prod help']) {
    it(`prints the help for "${line}"`, async () => {
      const { code, io } = await ir(line, done);
      expect(code).to.equal(0);
      expect(io.out()).to.include('Usage: kubectl ir COMMAND');
    });
  }

  it('prints the help of a group and of a command', async () => {
    expect((await ir('look', done)).io.out()).to.include('look node   Do it');
    expect((await ir('act --help', done)).io.out()).to.include('--node string');
    for (const words of ['look', 'act', 'look node'])
      expect((await ir(`help ${words}`, done)).io.out()).to.equal(
        (await ir(`${words} --help`, done)).io.out(),
      );
  });

  for (const [line, text] of [
    [
      'atc web',
      'error: unknown command "atc" for "kubectl ir"; nearest: act\nSee \'kubectl ir --help\' for usage.\n',
    ],
    [
      'look nod',
      'error: unknown command "nod" for "kubectl ir look"; nearest: node\nSee \'kubectl ir look --help\' for usage.\n',
    ],
    ['help none', 'error: unknown command "none" for "kubectl ir"\nSee \'kubectl ir --help\' for usage.\n'],
    ['act --nod x', "error: unknown flag: --nod; nearest: --node\nSee 'kubectl ir act --help' for usage.\n"],
    ['--nod act', "error: unknown flag: --nod\nSee 'kubectl ir --help' for usage.\n"],
  ] as const) {
    it(`refuses "${line}"`, async () => {
      const { code, io } = await ir(line, done);
      expect([code, io.out(), io.err()]).to.deep.equal([2, '', text]);
    });
  }

  it('prints one error and gives its exit code', async () => {
    const fail =
      (error: Error): Run =>
      () =>
        Promise.reject(error);
    const partial = await ir('act', fail(new PartialError('cut', { advice: 'go on' })));
    expect([partial.code, partial.io.err()]).to.deep.equal([3, 'error: cut\ngo on\n']);
    const api = await ir(
      'act',
      fail(new ApiError('pods "x" not found', { status: 404, reason: 'NotFound' })),
    );
    expect([api.code, api.io.err()]).to.deep.equal([1, 'Error from server (NotFound): pods "x" not found\n']);
    const bug = await ir('act --token abc', fail(new TypeError('oops')));
    expect(bug.code).to.equal(1);
    expect(bug.io.err())
      .to.include('mistake in kubectl ir')
      .and.to.include('--token REDACTED')
      .and.to.not.include('abc');
  });

  it('aborts at the first interrupt, and says what may stand', async () => {
    const io = memoryIo();
    const signals = new FakeSignals();
    const run: Run = ({ signal }) => {
      signals.interrupt('SIGINT');
      signals.interrupt('SIGINT');
      return signal.aborted ? Promise.reject(new DOMException('aborted', 'AbortError')) : Promise.resolve(0);
    };
    const entries = [entry(['act'], run), entry(['pack'], run, 'run it again')];
    expect(await main(['act'], io, signals, entries)).to.equal(130);
    const said =
      'interrupted; cleaning up (once more to stop at once)\ninterrupted: stopped by SIGINT\n' +
      'to see what is still in the cluster: kubectl ir status\n';
    expect(io.err()).to.equal(said);
    await main(['pack'], io, signals, entries);
    expect(io.err()).to.equal(said + said.replace(/to see what.*/, 'run it again'));
    await main(['act', '--context', 'my prod'], io, signals, entries);
    expect(io.err()).to.match(
      /^to see what is still in the cluster: kubectl ir status --context='my prod'$/m,
    );
    expect(signals.ends).to.deep.equal([]);
  });

  it('ends at once at the second interrupt, half a second later or more', async () => {
    const io = memoryIo();
    const signals = new FakeSignals();
    const run: Run = async (context) => {
      signals.interrupt('SIGINT');
      await context.io.sleep(600);
      signals.interrupt('SIGINT');
      await new Promise(setImmediate);
      return 0;
    };
    expect(await main(['act'], io, signals, [entry(['act'], run)])).to.equal(130);
    expect(signals.ends).to.deep.equal([130]);
  });

  it('does not call a run with a crash in it a success', async () => {
    const io = memoryIo();
    const signals = new FakeSignals();
    const run: Run = ({ signal }) => {
      signals.crash(new TypeError('lost'));
      return signal.aborted ? Promise.reject(signal.reason as Error) : Promise.resolve(0);
    };
    expect(await main(['act'], io, signals, [entry(['act'], run)])).to.equal(1);
    expect(io.err()).to.match(/^error: lost\n/);
  });

  it('runs one command line for another, with the same global flags and an environment of its own', async () => {
    const seen: unknown[] = [];
    const io = memoryIo({ env: { A: 'a', B: 'b' } });
    const { code } = await ir(
      '-n prod act',
      async ({ runLine, global, io: { env } }, words) => {
        if (words.length > 0) {
          seen.push([words, global.namespace, env]);
          if (words[0] === 'fail') throw new PartialError('cut');
          return words[0] === 'part' ? 3 : 0;
        }
        for (const line of [
          ['act', 'x'],
          ['-n', 'test', 'act', 'part'],
          ['act', 'fail'],
          ['act', '--nod'],
          ['none'],
        ])
          seen.push(await runLine?.(line, { B: 'c' }));
        return 0;
      },
      io,
    );
    const env = { A: 'a', B: 'c' };
    expect([code, seen]).to.deep.equal([
      0,
      [
        [['x'], 'prod', env],
        { code: 0, done: true },
        [['part'], 'test', env],
        { code: 3, done: false },
        [['fail'], 'prod', env],
        { code: 3, done: false },
        { code: 2, done: false },
        { code: 2, done: false },
      ],
    ]);
    expect(io.err().match(/^error: .*/gm)).to.deep.equal([
      'error: cut',
      'error: unknown flag: --nod; nearest: --node',
      'error: unknown command "none" for "kubectl ir"',
    ]);
  });

  it('takes the codes of a command that has more than one for success', async () => {
    const compare = {
      ...entry(['compare'], done),
      load: () =>
        Promise.resolve({
          command: defineCommand({
            flags: {},
            failureCode: 3,
            complete: (rest) => Number(rest[0]),
            run: (code) => Promise.resolve(code),
          }),
        }),
    };
    const ends: unknown[] = [];
    const act = entry(['act'], async ({ runLine }) => {
      for (const code of ['0', '1', '2', '3']) ends.push((await runLine?.(['compare', code], {}))?.done);
      return 0;
    });
    await main(['act'], memoryIo(), new FakeSignals(), [act, compare]);
    expect(ends).to.deep.equal([true, true, false, false]);
  });

  it('tells an interrupt once when one command line runs another', async () => {
    const io = memoryIo();
    const signals = new FakeSignals();
    let inner: unknown;
    const run: Run = async ({ signal, runLine }, words) => {
      if (words.length === 0) inner = await runLine?.(['act', 'x'], {});
      else signals.interrupt('SIGINT');
      signal.throwIfAborted();
      return 0;
    };
    expect(await main(['act'], io, signals, [entry(['act'], run)])).to.equal(130);
    expect(inner).to.deep.equal({ code: 130, done: false });
    expect(io.err().match(/stopped by SIGINT/g)).to.have.length(1);
  });

  it('is quiet when the reader of stdout went away', async () => {
    const stdout = new Writable({
      write: (_chunk, _encoding, next) => next(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
    const io: Io & MemoryIo = memoryIo({ stdout });
    const run: Run = async (context) => {
      await writeLine(context.io.stdout, 'x');
      return 0;
    };
    const { code } = await ir('act', run, io);
    expect([code, io.err()]).to.deep.equal([141, '']);
  });
});
