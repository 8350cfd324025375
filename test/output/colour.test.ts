import { expect } from 'chai';
import { paint } from '../../src/output/colour.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('paint', () => {
  it('colours on a terminal', () => {
    expect(paint(memoryIo({ stderrTerminal: true }), 'bad', 'x')).to.equal('\x1b[31mx\x1b[39m');
  });

  for (const [why, io] of [
    ['stderr is no terminal', memoryIo()],
    ['NO_COLOR is set', memoryIo({ stderrTerminal: true, env: { NO_COLOR: '1' } })],
    ['the terminal is dumb', memoryIo({ stderrTerminal: true, env: { TERM: 'dumb' } })],
  ] as const) {
    it(`does not when ${why}`, () => expect(paint(io, 'good', 'x')).to.equal('x'));
  }

  it('takes an empty NO_COLOR for none', () => {
    const io = memoryIo({ stderrTerminal: true, env: { NO_COLOR: '' } });
    expect(paint(io, 'warn', 'x')).to.not.equal('x');
  });
});
