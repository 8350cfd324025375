import { expect } from 'chai';
import type { Collector } from '../../src/collector/collector.ts';
import { measureClock } from '../../src/evidence/clock.ts';
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
