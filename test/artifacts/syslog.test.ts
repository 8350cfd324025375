import { expect } from 'chai';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { parseSyslog } from '../../src/artifacts/syslog.ts';
import { survivesHostileBytes, survivesLongLines } from './hostile.ts';

const sample = `Nov 22 04:15:00 node-a sshd[812]: Accepted publickey for root from 198.51.100.7 port 50000
2026-11-22T05:15:00.123456+01:00 node-a CRON[99]: (root) CMD (x: y)
<34>1 2026-11-22T04:15:00.003Z node-a su 77 ID47 [a b="c\\]d"][e f="g"] 'su root' failed
<13>1 2026-11-22T04:15:00Z - - - - - nothing known
Nov  2 04:15:00 node-a kernel: [    1.5] a: b
Nov  2 04:15:00 node-a -- MARK --
not a line
`;

describe('parseSyslog', () => {
  it('reads the three forms', () => {
    const read = [...parseSyslog(Buffer.from(sample))].map((one) =>
      isMalformed(one)
        ? one.malformed
        : [one.time ?? one.written, one.host, one.program, one.pid, one.message].map(String).join('|'),
    );
    expect(read).to.deep.equal([
      'Nov 22 04:15:00|node-a|sshd|812|Accepted publickey for root from 198.51.100.7 port 50000',
      '2026-11-22T04:15:00.123456Z|node-a|CRON|99|(root) CMD (x: y)',
      "2026-11-22T04:15:00.003Z|node-a|su|77|'su root' failed",
      '2026-11-22T04:15:00Z|-||undefined|nothing known',
      'Nov  2 04:15:00|node-a|kernel|undefined|[    1.5] a: b',
      'Nov  2 04:15:00|node-a||undefined|-- MARK --',
      'no line of a system log',
    ]);
  });

  it('ends soon on long lines', () =>
    survivesLongLines(parseSyslog, 'Nov  2 04:15:00 n ', '<1>1 2026 a b c d ['));

  it('survives hostile bytes', () => survivesHostileBytes(parseSyslog, sample));
});
