import { expect } from 'chai';
import { readIsolation } from '../../../../src/incident/report/read/isolation.ts';

const place = { time: '2026-11-22T05:00:00Z', line: 7, command: 'show' };

describe('readIsolation', () => {
  const check = { flow: 'f', before: 'works', after: 'fails', judged: true };
  const isolation = {
    pod: { namespace: 'prod', name: 'web', uid: 'u', node: 'node-a' },
    level: 'nft full',
    clock: { cut: 0.4, verdict: 3 },
    actions: [{ kind: 'cut', outcome: 'done', detail: 'd', seconds: 1 }],
    verification: {
      verdict: 'HOLDS',
      seconds: 1,
      checks: [
        check,
        { ...check, after: 'works' },
        { ...check, judged: false },
        { ...check, after: 'works', probe: true },
      ],
      reasons: ['r'],
      gaps: ['g'],
    },
    leaks: [{ flow: 'f', seen: 's', why: 'w', advice: 'a' }],
  };

  it('counts what was judged, without the way of probes that is kept open', () => {
    expect(readIsolation(isolation, place)).to.deep.include({
      namespace: 'prod',
      pod: 'web',
      verdict: 'HOLDS',
      judged: 2,
      blocked: 1,
      cut: 0.4,
      verdictAfter: 3,
      reasons: ['r'],
      notTried: ['g'],
      leaks: [{ flow: 'f', seen: 's', why: 'w', advice: 'a' }],
      line: 7,
    });
  });

  it('is none without a pod or with another verdict, and has no members of other types', () => {
    expect(readIsolation(undefined, place)).to.equal(undefined);
    expect(readIsolation({ ...isolation, pod: 1 }, place)).to.equal(undefined);
    expect(readIsolation({ ...isolation, verification: { verdict: '<b>' } }, place)).to.equal(undefined);
    const odd = {
      ...isolation,
      level: 1,
      actions: 'x',
      leaks: [1],
      verification: { verdict: 'HOLDS', checks: [{ flow: 1 }, 2] },
    };
    expect(readIsolation(odd, place)).to.deep.include({ level: '', actions: [], leaks: [], judged: 0 });
  });
});
