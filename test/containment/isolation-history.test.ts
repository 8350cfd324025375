import { expect } from 'chai';
import { isolationHistories, isStanding } from '../../src/containment/isolation-history.ts';
import type { CustodyLine } from '../../src/evidence/custody-line.ts';
import { uid } from './subjects.ts';

const record = {
  version: 1,
  pod: { namespace: 'prod', name: 'web', uid, node: 'node-a' },
  created: '2026-11-22T04:15:00.000Z',
  acts: [{ kind: 'cut', level: 'nft full' }],
};
const line = (
  action: string,
  result: string,
  details: object,
  time = '2026-11-22T04:15:00.000Z',
): CustodyLine => ({
  ...{ seq: 1, time, prev: '', actor: { user: 'jane', host: 'desk', api: '' } },
  ...{ action, object: 'pod/web', result, details: details as Record<string, unknown> },
});
const isolation = {
  verification: {
    checks: [
      { flow: 'new tcp a', before: 'works' },
      { flow: 'new tcp b', before: 'fails' },
      { flow: 7, before: 'works' },
      3,
    ],
  },
};

describe('isolationHistories', () => {
  it('tells what was planned, which flows worked before, and whether it was released', () => {
    const told = isolationHistories([
      line('isolate', 'planned', { uid, record }),
      line('isolate', 'cut done', { uid }),
      line('isolate', 'HOLDS', { uid, isolation }),
    ]).get(uid);
    expect(told?.record.acts).to.deep.equal([{ kind: 'cut', level: 'nft full' }]);
    expect([[...(told?.worked ?? [])], told?.released]).to.deep.equal([['new tcp a'], undefined]);
    const released = isolationHistories([
      line('isolate', 'planned', { uid, record }),
      line('release', 'partial', { uid }, 'x'),
      line('release', 'done', { uid }, '2026-11-22T05:00:00.000Z'),
    ]).get(uid);
    expect(released?.released).to.equal('2026-11-22T05:00:00.000Z');
  });

  it('stands when every act was done, until it is released', () => {
    const planned = line('isolate', 'planned', { uid, record });
    const ended = (outcome: string): CustodyLine =>
      line('isolate', 'HOLDS', { uid, isolation: { ...isolation, actions: [{ kind: 'cut', outcome }] } });
    const stands = (...lines: readonly CustodyLine[]): boolean[] =>
      [...isolationHistories(lines).values()].map(isStanding);
    expect(stands(planned)).to.deep.equal([false]);
    expect(stands(planned, ended('failed'))).to.deep.equal([false]);
    expect(stands(planned, ended('done'))).to.deep.equal([true]);
    expect(stands(planned, ended('done'), line('release', 'done', { uid }))).to.deep.equal([false]);
  });

  it('begins anew with each isolation', () => {
    const again = isolationHistories([
      line('isolate', 'planned', { uid, record }),
      line('release', 'done', { uid }),
      line('isolate', 'planned', { uid, record }),
    ]).get(uid);
    expect(again).not.to.have.property('released');
  });

  it('takes no record that is none', () => {
    for (const wrong of [
      undefined,
      7,
      { ...record, version: 2 },
      { ...record, pod: { ...record.pod, name: '../x' } },
    ])
      expect(isolationHistories([line('isolate', 'planned', { uid, record: wrong })]).size).to.equal(0);
    expect(isolationHistories([line('isolate', 'planned', { uid: '../x', record })]).size).to.equal(0);
    expect(isolationHistories([line('isolate', 'HOLDS', { uid, isolation })]).size).to.equal(0);
  });
});
