import { expect } from 'chai';
import type { Collector } from '../../src/collector/collector.ts';
import { clockStep, measureClock } from '../../src/evidence/clock.ts';
import { memoryIo } from '../support/memory-io.ts';
import { failureOf } from '../support/failure.ts';

const signal = new AbortController().signal;

/** A collector whose `clock` takes 200 ms of the memory clock and answers `text`. */
function answering(text: string): { io: ReturnType<typeof memoryIo>; collector: Collector } {
  const io = memoryIo();
  const call = async (): Promise<unknown> => {
    await io.sleep(200);
    return { exitCode: 0, stdout: Buffer.from(text), stderr: '' };
  };
  return { io, collector: { call } as unknown as Collector };
}

describe('measureClock', () => {
  it('takes the node to have looked in the middle of the round trip', async () => {
    const start = Date.UTC(2026, 10, 22, 4, 15, 0);
    const { io, collector } = answering(`${start / 1000 + 5} 250000000\n`);
    expect(await measureClock(io, collector, signal)).to.deep.equal({
      node: '2026-11-22T04:15:05.250Z',
      responder: '2026-11-22T04:15:00.100Z',
      skewMs: 5150,
      roundTripMs: 200,
    });
  });

  it('refuses what is no time', async () => {
    for (const text of ['', 'now\n', '99999999999999999999 0\n']) {
      const { io, collector } = answering(text);
      expect((await failureOf(measureClock(io, collector, signal))).message).to.match(/no time/);
    }
  });

  it('takes a clock that is far off', async () => {
    const { io, collector } = answering('999999999999 0\n');
    expect((await measureClock(io, collector, signal)).skewMs).to.be.greaterThan(1e12);
  });
});

describe('clockStep', () => {
  /** What two measurements say, ten minutes apart, between which each clock is set by so many milliseconds. */
  async function stepOf(node: number, responder: number, drift = 0): Promise<string | undefined> {
    const start = Date.UTC(2026, 10, 22, 4, 15, 0);
    let [elapsed, nodeSet, responderSet] = [0, 0, 0];
    const io = {
      ...memoryIo(),
      now: () => new Date(start + elapsed + responderSet),
      monotonic: () => 7 + elapsed,
    };
    const call = (): Promise<unknown> => {
      elapsed += 100;
      const clock = start + elapsed + nodeSet + 5000;
      elapsed += 100;
      const text = `${Math.floor(clock / 1000)} ${Math.round((clock % 1000) * 1e6)}\n`;
      return Promise.resolve({ exitCode: 0, stdout: Buffer.from(text), stderr: '' });
    };
    const collector = { call } as unknown as Collector;
    const before = await measureClock(io, collector, signal);
    elapsed += 600_000;
    [nodeSet, responderSet] = [node + drift, responder];
    return clockStep(before, await measureClock(io, collector, signal), 600_000);
  }

  it('is none while both go on, also when one is being corrected', async () => {
    expect(await stepOf(0, 0)).to.equal(undefined);
    expect(await stepOf(0, 0, 299)).to.equal(undefined);
    expect(await stepOf(0, 0, -299)).to.equal(undefined);
    // The machine slept, and the node with it, or both were put right: they still agree.
    expect(await stepOf(3_600_000, 3_600_000)).to.equal(undefined);
  });

  it('tells whose clock was set, forward and back', async () => {
    expect(await stepOf(86_400_000, 0)).to.equal(
      'the clock of the node was set meanwhile, by 86400000 ms: 5000 ms ahead before and 86405000 ms after',
    );
    expect(await stepOf(-3_600_000, 0)).to.match(/^the clock of the node was set meanwhile, by -3600000 ms/);
    expect(await stepOf(0, 60_000)).to.equal(
      "the clock of this machine was set meanwhile, by 60000 ms: the node's is 5000 ms ahead before and -55000 ms after",
    );
    expect(await stepOf(0, -60_000)).to.match(/^the clock of this machine was set meanwhile, by -60000 ms/);
    expect(await stepOf(60_000, -60_000)).to.match(/^both clocks were set meanwhile/);
  });

  it('survives the values of a node that lies', async () => {
    for (const far of [9e14, -1.7e12])
      expect(await stepOf(far, 0)).to.match(/^the clock of the node was set/);
  });
});
