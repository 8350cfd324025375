import { expect } from 'chai';
import fc from 'fast-check';
import { isKernelThread, parseProcStat } from '../../src/artifacts/proc-stat.ts';

const rest =
  'S 2 0 7 34816 -1 2129984 0 0 0 0 11 12 0 0 20 0 3 0 4294967400 0 0 18446744073709551615 0 0 0 0 0 0 0';

function line(comm: string, fields = rest): Buffer {
  return Buffer.from(`17 (${comm}) ${fields}\n`, 'latin1');
}

describe('parseProcStat', () => {
  it('reads the fields that name and place a process', () => {
    expect(parseProcStat(line('kworker/0:1'))).to.deep.equal({
      pid: 17,
      comm: Buffer.from('kworker/0:1'),
      state: 'S',
      ppid: 2,
      pgrp: 0,
      session: 7,
      tty: 34816,
      flags: 2129984,
      utime: 11,
      stime: 12,
      threads: 3,
      startTicks: 4294967400,
    });
  });

  it('takes any name a process may choose', () => {
    for (const comm of ['a) R 1 (b', ') S 1 1 1', '', '\n', 'x\n18 (y) S 1', '\xff\x1b[2J', '((', '))', ' '])
      expect(parseProcStat(line(comm))?.comm.toString('latin1'), comm).to.equal(comm);
  });

  it('gives nothing for lines that are none', () => {
    for (const text of [
      '',
      '17',
      '17 (',
      '17 (x)',
      '17 (x) S',
      '17 (x) SS 1',
      '17 (x) S a b c',
      ') (',
      '(x) S 1',
    ])
      expect(parseProcStat(Buffer.from(text)), text).to.equal(undefined);
  });

  it('never throws and never invents, wherever the line is cut', () => {
    const whole = line('evil) S');
    for (let length = 0; length < whole.length; length += 1) {
      const cut = parseProcStat(whole.subarray(0, length));
      if (cut !== undefined) expect(cut.pid).to.equal(17);
    }
    fc.assert(fc.property(fc.uint8Array(), (data) => void parseProcStat(Buffer.from(data))));
  });

  it('tells kernel threads by their flag, not by their name', () => {
    const thread = parseProcStat(line('kthreadd'));
    const masked = parseProcStat(line('[kworker/0:1]', rest.replace('2129984', '4194304')));
    expect(thread && isKernelThread(thread)).to.equal(true);
    expect(masked && isKernelThread(masked)).to.equal(false);
  });
});
