import { expect } from 'chai';
import { compared } from '../../src/findings/baseline.ts';
import type { Finding } from '../../src/findings/finding.ts';

const finding = (
  more: Partial<Finding> & { readonly pod?: string; readonly node?: string; readonly pid?: number },
): Finding => {
  const { pod = 'agent-x4z2b', node = 'node-a', pid, ...rest } = more;
  return {
    ...{
      rule: 'r',
      title: 't',
      severity: 'high',
      confidence: 'low',
      attack: [],
      threatMatrix: [],
      seen: 's',
    },
    ...{ evidence: [], explanation: '', refutedBy: '', next: [] },
    subject: { node, namespace: 'n', pod, ...(pid === undefined ? {} : { pid }) },
    ...rest,
  };
};
const base = (findings: readonly Finding[], nodes = ['node-a'], lacking: readonly string[] = []) => ({
  findings,
  nodes,
  notJudged: lacking.map((node) => ({ rule: 'r', node, lack: 'missing' as const, reason: '', next: '' })),
});
const news = (findings: readonly Finding[], baseline: Parameters<typeof compared>[1]): unknown[] =>
  compared(findings, baseline).map((one) => one.new);

describe('a baseline', () => {
  it('knows a finding by what was seen of the same workload, whatever its pod and pid are called now', () => {
    const before = base([finding({ pid: 1 })]);
    expect(news([finding({ pid: 2 })], before)).to.deep.equal(['no']);
    expect(news([finding({ pod: 'agent-zz22b' })], before)).to.deep.equal(['no']);
    for (const other of [
      { pod: 'agent' },
      { pod: 'agent2-x4z2b' },
      { seen: 'x' },
      { rule: 'q' },
      { pod: 'agent-abcde' },
    ])
      expect(news([finding(other)], before), JSON.stringify(other)).to.deep.equal([
        other.pod === 'agent' ? 'no' : 'yes',
      ]);
    const replicas = base([finding({ pod: 'shop-7b8d7fd487-59bzj' })]);
    expect(news([finding({ pod: 'shop-6556d99f86-xlvnc' })], replicas)).to.deep.equal(['no']);
  });
  it('knows it by what is seen and not by numbers of that moment; an address is no such number', () => {
    const seen = (text: string, then: string): unknown[] =>
      news([finding({ seen: text })], base([finding({ seen: then })]));
    expect(seen('no seccomp in pid 7; so', 'no seccomp in pid 9; so')).to.deep.equal(['no']);
    expect(seen('changed 61 s after the start', 'changed 5 s after the start')).to.deep.equal(['no']);
    expect(seen('open to 192.0.2.1:443', 'open to 192.0.2.2:443')).to.deep.equal(['yes']);
  });
  it('does not know what weighs more now, or is there more often', () => {
    expect(news([finding({ severity: 'critical' })], base([finding({})]))).to.deep.equal(['yes']);
    expect(news([finding({ severity: 'low' })], base([finding({})]))).to.deep.equal(['no']);
    expect(news([finding({ pid: 1 }), finding({ pid: 2 })], base([finding({})]))).to.deep.equal([
      'no',
      'yes',
    ]);
  });
  it('holds a node against itself where it can, else against its sisters', () => {
    const both = base([finding({ node: 'node-b' })], ['node-a', 'node-b']);
    expect(news([finding({ node: 'node-a' })], both)).to.deep.equal(['yes']);
    expect(news([finding({ node: 'node-c' })], both)).to.deep.equal(['no']);
  });
  it('does not say that something is new where the rule was not judged', () => {
    expect(news([finding({})], base([], ['node-a'], ['node-a']))).to.deep.equal(['unknown']);
    expect(news([finding({ node: 'node-c' })], base([], ['node-a', 'node-b'], ['node-a']))).to.deep.equal([
      'yes',
    ]);
    expect(news([finding({})], base([], []))).to.deep.equal(['unknown']);
  });
  it('leaves nothing out', () => {
    expect(compared([finding({}), finding({ rule: 'q' })], base([finding({})]))).to.have.length(2);
  });
});
