import { expect } from 'chai';
import type { Finding } from '../../../src/findings/finding.ts';
import { rules } from '../../../src/findings/rules.ts';
import { proposalsOf } from '../../../src/subcommands/clean/proposals.ts';

const finding = (
  rule: string,
  subject: Partial<Finding['subject']>,
  severity: Finding['severity'] = 'high',
): Finding => ({
  ...{ rule, title: '', severity, confidence: 'high', attack: [], threatMatrix: [], seen: '', evidence: [] },
  ...{ explanation: '', refutedBy: '', next: [], subject: { node: 'node-a', ...subject } },
});
const pod = { namespace: 'prod', pod: 'shop-1' };

describe('proposalsOf', () => {
  it('names the pods of grave findings once, with their rules', () => {
    const { objects } = proposalsOf([
      finding('reverse-shell', pod, 'critical'),
      finding('program-without-file', pod),
      finding('privileged-container', { namespace: 'prod', pod: 'quiet' }, 'medium'),
    ]);
    expect(objects).to.deep.equal([
      { object: 'pod/shop-1', namespace: 'prod', rules: ['reverse-shell', 'program-without-file'] },
    ]);
  });

  it('makes instructions of files on nodes, manifests there, and credentials', () => {
    const { byHand } = proposalsOf([
      finding('persistence-content', { path: '/etc/cron.d/x' }),
      finding('static-pod-without-mirror', {}),
      finding('credential-open', { ...pod, path: '/var/run/secrets/token' }),
      finding('planted-in-container', { ...pod, path: '/tmp/x' }),
    ]);
    expect(byHand).to.deep.equal([
      'remove /etc/cron.d/x on node node-a (persistence-content)',
      'take the manifest of the static pod out of its directory on node node-a (static-pod-without-mirror)',
      'renew the credential /var/run/secrets/token of pod prod/shop-1 (credential-open)',
    ]);
    const known = new Set(rules.map(({ id }) => id));
    for (const text of byHand) expect(known.has(/\(([a-z-]+)\)$/.exec(text)?.[1] ?? ''), text).to.equal(true);
  });
});
