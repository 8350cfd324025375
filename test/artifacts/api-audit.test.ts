import { expect } from 'chai';
import { parseApiAudit } from '../../src/artifacts/api-audit.ts';
import { survivesHostileBytes } from './hostile.ts';

const event = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'Metadata',
  auditID: '1b2c',
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/prod/pods/web-0/exec?command=sh',
  verb: 'create',
  user: { username: 'jane', groups: ['system:authenticated', 7] },
  impersonatedUser: { username: 'system:admin' },
  sourceIPs: ['198.51.100.7'],
  userAgent: 'kubectl\u001b[2J',
  objectRef: { resource: 'pods', namespace: 'prod', name: 'web-0', subresource: 'exec' },
  responseStatus: { code: 101 },
  requestReceivedTimestamp: '2026-11-22T04:15:00.000001Z',
  stageTimestamp: '2026-11-22T04:15:02.000001Z',
  annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': 'RBAC: x' },
};
const sample = `${JSON.stringify(event)}\n\n{"kind":"Event"}\n${JSON.stringify({ ...event, user: 'x', objectRef: [] })}`;

describe('parseApiAudit', () => {
  it('reads who did what to which object', () => {
    const [first, second, third] = [...parseApiAudit(Buffer.from(sample))];
    expect(first).to.deep.equal({
      id: '1b2c',
      stage: 'ResponseComplete',
      time: '2026-11-22T04:15:02.000001Z',
      received: '2026-11-22T04:15:00.000001Z',
      verb: 'create',
      user: 'jane',
      groups: ['system:authenticated'],
      impersonated: 'system:admin',
      sources: ['198.51.100.7'],
      agent: 'kubectl\u001b[2J',
      uri: '/api/v1/namespaces/prod/pods/web-0/exec?command=sh',
      resource: 'pods',
      subresource: 'exec',
      namespace: 'prod',
      name: 'web-0',
      code: 101,
      decision: 'allow',
      reason: 'RBAC: x',
    });
    expect(second).to.have.property('malformed');
    expect(third).to.include({ user: '', code: 101 }).and.not.to.have.property('resource');
  });

  it('survives hostile bytes', () => survivesHostileBytes(parseApiAudit, sample));
});
