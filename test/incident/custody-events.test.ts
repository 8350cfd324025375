import { expect } from 'chai';
import { custodyEvent } from '../../src/incident/custody-events.ts';

describe('custodyEvent', () => {
  it('says who did what', () => {
    const act = { time: '2026-11-22T04:15:00Z', action: 'isolate', object: 'pod/web', result: 'done' };
    expect(custodyEvent({ ...act, actor: { user: 'jo', host: 'desk', api: 'admin' } })).to.include({
      message: 'isolate pod/web: done, by jo@desk as admin',
      user: 'jo',
      source: 'custody',
    });
    expect(custodyEvent({ ...act, actor: { user: 7 } }).message).to.equal('isolate pod/web: done, by @');
  });
});
