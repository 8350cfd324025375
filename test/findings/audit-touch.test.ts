import { expect } from 'chai';
import type { ApiAuditEvent } from '../../src/artifacts/api-audit.ts';
import { addressesOf, auditTouches } from '../../src/findings/audit-touch.ts';
import type { Pod } from '../../src/findings/pods.ts';

const pod = (name: string, address: string, more: Partial<Pod> = {}): Pod => ({
  ...{ uid: name, namespace: 'prod', name, address, serviceAccount: 'shop', hostPaths: [], containers: [] },
  ...{ token: true, deleting: false, make: 'm', hostPID: false, hostIPC: false, hostNetwork: false },
  ...more,
});
const event = (source: string, user = 'system:serviceaccount:prod:shop'): ApiAuditEvent => ({
  ...{
    id: 'i',
    stage: 'ResponseComplete',
    time: '2026-11-25T20:00:00.000000Z',
    verb: 'list',
    uri: '/api/v1/secrets',
  },
  ...{ user, groups: [], sources: [source] },
});
const source = { acquisition: 'audit.log', item: 1, name: 'i' };
const account = { type: 'service-account', value: 'prod:shop', from: 'f' } as const;
const address = { type: 'address', value: '192.0.2.1', from: 'f' } as const;
const addresses = addressesOf(
  [
    ...[
      pod('web', '10.1.0.1'),
      pod('sister', '10.1.0.2'),
      pod('other', '10.1.0.3', { serviceAccount: 'else' }),
    ],
    pod('host', '10.0.0.1', { hostNetwork: true }),
  ],
  new Set(['prod/web']),
);
const touches = (one: ApiAuditEvent): unknown[] =>
  [...auditTouches(one, source, [account, address], addresses)].map(({ subject, confidence }) => [
    subject,
    confidence,
  ]);

describe('the audit log of the API server', () => {
  it('tells who acts as an account from where, and how odd that is', () => {
    expect(touches(event('10.1.0.1'))).to.deep.equal([]);
    expect(touches(event('10.1.0.2'))).to.deep.equal([[{ namespace: 'prod', pod: 'sister' }, 'low']]);
    expect(touches(event('10.1.0.3'))).to.deep.equal([[{ namespace: 'prod', pod: 'other' }, 'high']]);
    expect(touches(event('::ffff:203.0.113.9'))).to.deep.equal([[{ address: '203.0.113.9' }, 'high']]);
    expect(touches(event('10.0.0.1'))).to.deep.equal([[{ address: '10.0.0.1' }, 'high']]);
    expect(touches(event('10.1.0.3', 'system:serviceaccount:prod:shop2'))).to.deep.equal([]);
  });
  it('does not believe who a client says that it calls for', () => {
    const forwarded = (...sources: string[]): ApiAuditEvent => ({ ...event(''), sources });
    // A thief of the token who says in X-Forwarded-For that he is the pod that had it.
    expect(touches(forwarded('10.1.0.1', '203.0.113.9'))).to.deep.equal([
      [{ address: '203.0.113.9' }, 'high'],
    ]);
    const passed = { ...event('', 'jane'), sources: ['192.0.2.1', '10.1.0.9'] };
    expect(touches(passed)).to.deep.equal([[{ user: 'jane', address: '192.0.2.1' }, 'low']]);
  });
  it('tells nothing of those who call from an address of the cluster, where a port of it is looked for', () => {
    const node = { address: '192.0.2.1', ports: [10250], what: 'a node' };
    const shared = addressesOf([], new Set(), [node]);
    const of = (port?: number): number =>
      [
        ...auditTouches(
          event('192.0.2.1', 'jane'),
          source,
          [{ ...address, ...(port === undefined ? {} : { port }) }],
          shared,
        ),
      ].length;
    expect([of(4444), of()]).to.deep.equal([0, 1]);
  });
  it('tells who called from an address that is looked for', () => {
    expect(touches(event('192.0.2.1', 'jane\u001b'))).to.deep.equal([
      [{ user: 'jane\\x1b', address: '192.0.2.1' }, 'high'],
    ]);
    expect(touches(event('192.0.2.1', ''))).to.deep.equal([[{ address: '192.0.2.1' }, 'high']]);
  });
});
