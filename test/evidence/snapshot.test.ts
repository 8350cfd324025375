import { expect } from 'chai';
import type { ItemSink } from '../../src/artifacts/item.ts';
import type { Api } from '../../src/cluster/api.ts';
import type { CallResult, Collector, StreamSummary } from '../../src/collector/collector.ts';
import type { Acquisition } from '../../src/evidence/acquisition.ts';
import { triage } from '../../src/evidence/phases.ts';
import { takeSnapshot, snapshotText, type SnapshotOptions } from '../../src/evidence/snapshot.ts';
import { ApiError, InterruptedError, PartialError } from '../../src/output/errors.ts';
import { sleepFor } from '../../src/output/io.ts';
import { MemorySink } from '../collector/local-node.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

type Collect = (
  script: string,
  args: readonly string[],
  sink: ItemSink,
  signal: AbortSignal,
  input?: Uint8Array,
) => Promise<void>;

const forbidden = new ApiError('forbidden', { status: 403 });
const api = { request: () => Promise.reject(forbidden) } as unknown as Api;
const io = memoryIo({ sleep: sleepFor });

/** An acquisition that keeps what a collector sends, and knows which phases were marked. */
function acquisitionOf(sink: MemorySink): Acquisition & { readonly marked: string[] } {
  const marked: string[] = [];
  const addFile = (name: string): Promise<void> => {
    marked.push(name);
    return Promise.resolve();
  };
  const gap = (): Promise<void> => Promise.resolve();
  return Object.assign(sink, { addFile, gap, marked }) as unknown as Acquisition & {
    readonly marked: string[];
  };
}

/** Options with a collector that does `collect` and knows the time. */
function options(collect: Collect, more: Partial<SnapshotOptions> = {}): SnapshotOptions {
  const collector = {
    call: () => Promise.resolve({ exitCode: 0, stdout: Buffer.from('1795320900 0\n'), stderr: '' }),
    collect: async (...words: Parameters<Collect>): Promise<StreamSummary> => {
      await collect(...words);
      return { items: 0, bytes: 0 };
    },
  } as unknown as Collector;
  return {
    node: 'node-a',
    collector,
    acquisition: acquisitionOf(new MemorySink()),
    phases: ['envelope', 'processes', 'sockets'],
    signal: new AbortController().signal,
    ...more,
  };
}

describe('takeSnapshot', () => {
  it('runs the phases in their order, between two looks at the clock', async () => {
    const scripts: string[] = [];
    const summary = await takeSnapshot(
      api,
      io,
      options(
        (script, args) => {
          scripts.push([script, ...args].join(' '));
          return Promise.resolve();
        },
        { phases: ['envelope', 'executables'], executables: { only: 'uid' } },
      ),
    );
    expect(scripts).to.deep.equal(['envelope', 'executables only uid']);
    expect(summary.incomplete).to.deep.equal([]);
    expect(summary.clock?.node).to.equal('2026-11-22T04:15:00.000Z');
    expect(summary.clockAfter).not.to.equal(undefined);
    expect(summary.phases.map(({ phase, complete }) => [phase, complete])).to.deep.equal([
      ['envelope', true],
      ['executables', true],
    ]);
  });

  it('takes all of it when the clock of the node is set meanwhile, and says so', async () => {
    let seconds = 1_795_320_900;
    const chosen = options(() => {
      seconds -= 86_400;
      return Promise.resolve();
    });
    const call = (): unknown =>
      Promise.resolve({ exitCode: 0, stdout: Buffer.from(`${seconds} 0\n`), stderr: '' });
    const collector = { ...chosen.collector, call } as unknown as Collector;
    const summary = await takeSnapshot(api, io, { ...chosen, collector, phases: ['processes'] });
    expect(summary.clockStep).to.match(/^the clock of the node was set meanwhile, by -86400000 ms/);
    expect(summary.incomplete).to.deep.equal([]);
    expect(summary.phases.map(({ complete }) => complete)).to.deep.equal([true]);
  });

  it('goes on behind a phase that broke off and says so', async () => {
    const summary = await takeSnapshot(
      api,
      io,
      options((script) =>
        script === 'processes' ? Promise.reject(new PartialError('the stream broke')) : Promise.resolve(),
      ),
    );
    expect(summary.incomplete).to.deep.equal(['processes: the stream broke']);
    expect(summary.phases.map(({ complete }) => complete)).to.deep.equal([true, false, true]);
  });

  it('tells the second look which processes the first one saw', async () => {
    let told: string | undefined;
    const collect: Collect = async (script, _args, sink, _signal, input) => {
      if (script === 'programs') told = String(input);
      if (script !== 'processes') return;
      for (const pid of [10, 9]) {
        const name = Buffer.from(`[root]/proc/${pid}/stat`);
        await sink.begin({ sequence: 1, artifact: 'process', name, type: 'file' });
        await sink.write(Buffer.from('x'));
        await sink.end({ outcome: 'ok', length: 1 });
      }
    };
    await takeSnapshot(api, io, options(collect, { phases: ['processes', 'programs'] }));
    expect(told).to.equal('9\n10\n');
    await takeSnapshot(api, io, options(collect, { phases: ['programs'] }));
    expect(told).to.equal('');
  });

  it('marks what is whole, and nothing else', async () => {
    const acquisition = acquisitionOf(new MemorySink());
    const collect: Collect = (script) =>
      script === 'processes' ? Promise.reject(new PartialError('the stream broke')) : Promise.resolve();
    await takeSnapshot(api, io, options(collect, { acquisition }));
    expect(acquisition.marked).to.deep.equal([
      'live_response/phases/envelope.json',
      'live_response/phases/sockets.json',
    ]);
  });

  it('asks before it takes what is large, and leaves it out when that is refused', async () => {
    const asked: string[] = [];
    const taken: string[] = [];
    const take = (bytes: number, yes: boolean): ReturnType<typeof takeSnapshot> => {
      const made = options((script) => {
        taken.push(script);
        return Promise.resolve();
      });
      const call = (script: string, args: readonly string[]): Promise<CallResult> =>
        Promise.resolve({
          exitCode: 0,
          stdout: Buffer.from(script === 'logs' && args[0] === 'measure' ? `${bytes}\n` : '1795320900 0\n'),
          stderr: '',
        });
      return takeSnapshot(api, io, {
        ...made,
        collector: { ...made.collector, call } as unknown as Collector,
        phases: ['envelope', 'logs'],
        choice: { ...triage, depth: 'full' },
        allow: (phase, size) => {
          asked.push(`${phase} ${size}`);
          return Promise.resolve(yes);
        },
      });
    };
    const refused = await take(2 ** 31, false);
    expect(refused.incomplete[0]).to.include('logs: left out: it would bring 2.0Gi');
    expect(taken).to.deep.equal(['envelope']);
    expect((await take(2 ** 31, true)).incomplete).to.deep.equal([]);
    expect((await take(2 ** 30, false)).incomplete).to.deep.equal([]);
    expect(asked).to.deep.equal(['logs 2147483648', 'logs 2147483648']);
  });

  it('cuts the phase in progress at the limit and leaves out the others', async () => {
    const summary = await takeSnapshot(
      api,
      io,
      options((_script, _args, _sink, signal) => sleepFor(60_000, signal), { limitMs: 20 }),
    );
    const text = 'not finished within 0.02 s';
    expect(summary.incomplete).to.deep.equal(
      ['envelope', 'processes', 'sockets', 'clock'].map((what) => `${what}: ${text}`),
    );
  });

  it('stops at an interrupt, a bug and a sink that takes no more', async () => {
    const caller = new AbortController();
    const interrupted = takeSnapshot(
      api,
      io,
      options(
        (_script, _args, _sink, signal) => {
          caller.abort(new InterruptedError('interrupted'));
          return sleepFor(60_000, signal);
        },
        { signal: caller.signal },
      ),
    );
    expect(await failureOf(interrupted)).to.be.instanceOf(InterruptedError);
    const bug = takeSnapshot(
      api,
      io,
      options(() => Promise.reject(new TypeError('bug'))),
    );
    expect(await failureOf(bug)).to.be.instanceOf(TypeError);
    const full = new PartialError('no space left');
    const acquisition = {
      begin: () => Promise.reject(full),
      gap: () => Promise.resolve(),
    } as unknown as Acquisition;
    const begin: Collect = (_script, _args, sink) =>
      sink.begin({ sequence: 1, artifact: 'x', name: Buffer.from('x'), type: 'file' });
    expect(await failureOf(takeSnapshot(api, io, options(begin, { acquisition })))).to.equal(full);
  });
});

describe('snapshotText', () => {
  it('says it in one line', () => {
    const phases = (['sockets', 'processes'] as const).map((phase) => ({
      phase,
      milliseconds: 1,
      complete: true,
    }));
    const counts = { containers: 9, deletedExecutables: 1, phases };
    expect(
      snapshotText({ ...counts, processes: 41, sockets: 128, networkNamespaces: 6, keptExecutables: 1 }),
    ).to.equal('41 processes, 128 sockets in 6 namespaces, 1 deleted executable kept');
    expect(
      snapshotText({ ...counts, processes: 1, sockets: 0, networkNamespaces: 1, keptExecutables: 0 }),
    ).to.equal('1 process, 0 sockets in 1 namespace');
    expect(
      snapshotText({
        ...counts,
        processes: 1,
        sockets: 0,
        networkNamespaces: 0,
        keptExecutables: 0,
        phases: phases.slice(1),
      }),
    ).to.equal('1 process');
  });
});
