import { expect } from 'chai';
import type { Finding, Subject } from '../../src/findings/finding.ts';
import { beganOf, isKnown, knownOf } from '../../src/findings/known.ts';
import type { Pod } from '../../src/findings/pods.ts';

const finding = (rule: string, subject: Omit<Subject, 'node'>): Finding =>
  ({ rule, severity: 'high', subject: { node: 'node-a', ...subject } }) as unknown as Finding;
const findings = [
  finding('tainted-kernel', {}),
  finding('reverse-shell', { namespace: 'prod', pod: 'web', container: 'main', pid: 10, startTicks: 5 }),
  finding('planted-in-container', {
    namespace: 'prod',
    pod: 'web',
    container: 'main',
    path: '/etc/cron.d/y',
  }),
  finding('persistence-from-pod', {
    namespace: 'prod',
    pod: 'web',
    container: 'main',
    path: '/etc/cron.d/x',
  }),
  finding('miner', { pid: 30, startTicks: 7, started: '2026-11-20T01:00:00Z' }),
];
const known = knownOf(findings);
const is = (subject: Partial<Subject>): boolean => isKnown({ node: 'node-a', ...subject }, known);

describe('what a case is about', () => {
  it('is the pods, processes and files of its findings', () => {
    expect(is({ namespace: 'prod', pod: 'web', pid: 99 })).to.equal(true);
    expect(is({ pid: 30, startTicks: 7 })).to.equal(true);
    expect(is({ path: '/etc/cron.d/x' })).to.equal(true);
  });
  it('is nobody else on the node: no process, no later one of the same pid, no file that a container has too', () => {
    expect(is({})).to.equal(false);
    expect(is({ pid: 31, startTicks: 7 })).to.equal(false);
    expect(is({ pid: 30, startTicks: 8 })).to.equal(false);
    expect(is({ path: '/etc/cron.d/y' })).to.equal(false);
    expect(is({ node: 'node-b', pid: 30, startTicks: 7 })).to.equal(false);
    expect(is({ namespace: 'prod', pod: 'web-2', pid: 10, startTicks: 5 })).to.equal(false);
  });
  it('began with its first pod, else with its first process', () => {
    const pod = (name: string, created?: string): Pod =>
      ({ namespace: 'prod', name, created }) as unknown as Pod;
    const of = (pods: Pod[], names: string[]): string | undefined => beganOf(findings, pods, new Set(names));
    const pods = [pod('web', '2026-11-21T00:00:00Z'), pod('db', '2026-11-20T00:00:00Z'), pod('x')];
    expect(of(pods, ['prod/web', 'prod/db'])).to.equal('2026-11-20T00:00:00Z');
    expect(of(pods, ['prod/web'])).to.equal('2026-11-21T00:00:00Z');
    expect(of(pods, ['prod/x'])).to.equal(undefined);
    expect(of(pods, ['prod/gone'])).to.equal(undefined);
    expect(beganOf([finding('miner', { started: '2026-11-20T01:00:00Z' })], [], new Set())).to.equal(
      '2026-11-20T01:00:00Z',
    );
    expect(of([], [])).to.equal(undefined);
  });
});
