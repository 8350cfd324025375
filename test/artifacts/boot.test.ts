import { expect } from 'chai';
import { parseBootTime, parseClock } from '../../src/artifacts/boot.ts';

describe('boot', () => {
  it('reads the boot time', () => {
    expect(parseBootTime(Buffer.from('cpu  1 2\nbtime 1763000000\nprocesses 5\n'))).to.equal(1763000000);
  });

  it('reads the clock of a node in milliseconds', () => {
    expect(parseClock(Buffer.from('1763000000 250000000\n'))).to.equal(1763000000250);
  });

  it('gives nothing for anything else', () => {
    for (const text of ['', 'btime x\n', 'NaN 1\n', '1763000000 12345678901\n', '1 2', '-1 0\n'])
      for (const parse of [parseBootTime, parseClock])
        expect(parse(Buffer.from(text)), text).to.equal(undefined);
  });
});
