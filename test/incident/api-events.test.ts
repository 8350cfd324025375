import { expect } from 'chai';
import fc from 'fast-check';
import { objectOf } from '../../src/artifacts/json.ts';
import { apiAuditEvents, apiObjectEvents, podsOfList } from '../../src/incident/api-events.ts';
import { placeAt } from './places.ts';

describe('apiAuditEvents', () => {
  it('say who did what to what, and the answer', () => {
    const request = {
      id: 'x',
      stage: 'ResponseComplete',
      time: '2026-11-22T04:15:00.000001Z',
      verb: 'create',
      user: 'system:serviceaccount:prod:web',
      groups: [],
      sources: ['10.0.0.7'],
      uri: '/api/v1/namespaces/prod/pods/web/exec',
      resource: 'pods',
      subresource: 'exec',
      namespace: 'prod',
      name: 'web',
      code: 101,
    };
    expect([...apiAuditEvents(request, placeAt())][0]).to.include({
      message:
        'ResponseComplete create prod/pods/web/exec by system:serviceaccount:prod:web from 10.0.0.7: 101',
      pod: 'prod/web',
      user: 'system:serviceaccount:prod:web',
    });
  });
});

describe('apiObjectEvents', () => {
  const event = {
    type: 'Warning',
    reason: 'BackOff',
    message: 'restarting\n',
    count: 3,
    firstTimestamp: '2026-11-22T04:00:00Z',
    lastTimestamp: '2026-11-22T04:15:00Z',
    involvedObject: { kind: 'Pod', namespace: 'prod', name: 'web' },
    source: { component: 'kubelet' },
  };

  it('have the first and the last time of an event', () => {
    const { events, malformed } = apiObjectEvents({ items: [event] });
    expect(malformed).to.deep.equal([]);
    expect(events.map(({ time, pod, message }) => [time, pod, message])).to.deep.equal([
      ['2026-11-22T04:00:00Z', 'prod/web', 'Warning BackOff Pod prod/web by kubelet: restarting\\x0a'],
      [
        '2026-11-22T04:15:00Z',
        'prod/web',
        'Warning BackOff Pod prod/web by kubelet: restarting\\x0a (3 times)',
      ],
    ]);
  });

  it('read the newer form', () => {
    const newer = {
      eventTime: '2026-11-22T04:00:00.000001Z',
      regarding: { kind: 'Node', name: 'a' },
      reportingController: 'kubelet',
      note: 'x',
      reason: 'Y',
    };
    expect(apiObjectEvents({ items: [newer] }).events[0]).to.include({
      time: '2026-11-22T04:00:00.000001Z',
      message: 'Y Node a by kubelet: x',
    });
  });

  it('count what has no time, and live through anything', () => {
    expect(apiObjectEvents({ items: [{}, 7, event] }).malformed).to.deep.equal([
      '2 events have no time that can be read',
    ]);
    expect(apiObjectEvents(undefined).malformed).to.deep.equal(['no list of the API server']);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        apiObjectEvents(
          objectOf({ items: [value, { ...event, involvedObject: value, series: value, note: value }] }),
        );
        podsOfList(objectOf(value));
      }),
    );
  });
});

describe('podsOfList', () => {
  it('names pods by their uids', () => {
    const list = { items: [{ metadata: { uid: 'u', namespace: 'prod', name: 'web' } }, {}] };
    expect([...podsOfList(list)]).to.deep.equal([['u', 'prod/web']]);
  });
});
