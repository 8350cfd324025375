import { expect } from 'chai';
import { firstRecord } from '../../src/evidence/acquisition-start.ts';
import { uacLog } from '../../src/evidence/uac-log.ts';

describe('uac.log', () => {
  it('tells run, people, counts and end, one safe line each', () => {
    const actor = { api: 'jane', user: 'jane', host: 'laptop\n\u001b[2J' };
    const start = { kind: 'node', target: 'node-a', node: 'node-a' };
    const record = {
      ...firstRecord(start, new Date(Date.UTC(2026, 10, 22, 4, 15)), actor),
      clock: { node: '', responder: '', skewMs: -3, roundTripMs: 1 },
      clockAfter: { node: '', responder: '', skewMs: 4, roundTripMs: 1 },
      outcome: 'partial',
      finished: '2026-11-22T04:16:00.000Z',
      items: { count: 2, bytes: 10, sensitive: 0, outcomes: { ok: 1, denied: 1 } },
    } as const;
    const lines = uacLog(record).trimEnd().split('\n');
    for (const line of lines)
      expect(line).to.match(/^2026-11-22 04:1[56]:00 \+0000 (INF|WRN|ERR) [\x20-\x7e]+$/);
    expect(lines.slice(-5).map((line) => line.slice(26))).to.deep.equal([
      'INF clock of the node is 4 ms ahead',
      'INF 2 items, 10 bytes',
      'INF ok 1',
      'WRN denied 1',
      'ERR collection partial',
    ]);
  });
});
