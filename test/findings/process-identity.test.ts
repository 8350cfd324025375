import { expect } from 'chai';
import { identityOf, isSameProcess, processIn } from '../../src/findings/process-identity.ts';
import { agent, bookOfLooks, cleanNode, lookName, processItems } from './traces-lab.ts';

describe('the identity of a process', () => {
  const later = { ...cleanNode(), ...processItems(10, { in: agent, started: 9000 }) };
  const traces = bookOfLooks([cleanNode(), later, {}]).traces();

  it('is its pid and its start, which tell it from a later one of the same pid', () => {
    const [one, other] = [0, 1].map((look) => {
      const process = processIn(traces, 10, lookName(look));
      return process === undefined ? {} : identityOf(process);
    });
    expect(one).to.deep.equal({ pid: 10, startTicks: 50_000, started: '2026-11-25T19:38:20.00Z' });
    expect(other).to.deep.equal({ pid: 10, startTicks: 900_000, started: '2026-11-25T22:00:00.00Z' });
    expect(isSameProcess(one ?? {}, other ?? {})).to.equal(false);
    expect(isSameProcess(one ?? {}, one ?? {})).to.equal(true);
    expect(processIn(traces, 10, lookName(2))).to.equal(undefined);
    expect([...(processIn(traces, 1, lookName(0))?.looks ?? [])]).to.deep.equal([lookName(0), lookName(1)]);
  });
  it('is compared by time where ticks are not known, and by the pid where nothing is', () => {
    const at = (started: string): object => ({ pid: 10, started });
    const ticks = { pid: 10, startTicks: 5 };
    expect(isSameProcess(at('2026-11-25T19:38:20.00Z'), at('2026-11-25T19:38:20.990000000Z'))).to.equal(true);
    expect(isSameProcess(at('2026-11-25T19:38:20Z'), at('2026-11-25T19:38:22Z'))).to.equal(false);
    expect(isSameProcess(ticks, at('2026-11-25T19:38:20Z'))).to.equal(true);
    expect(isSameProcess(ticks, { pid: 11, startTicks: 5 })).to.equal(false);
    expect(isSameProcess({}, {})).to.equal(false);
  });
});
