import { expect } from 'chai';
import { OwnJudge } from '../../src/findings/own-judge.ts';
import { parseOwnRules } from '../../src/findings/own-rule-file.ts';

const rule = (id: string, where: string): string =>
  [
    ...[
      'apiVersion: kubectl-ir/v1',
      'kind: Rule',
      `id: ${id}`,
      'title: t',
      'severity: low',
      'explanation: e',
    ],
    ...[
      'refutedBy: r',
      'of: sockets',
      'next: ["kubectl ir isolate {pod} -n {namespace}", "kubectl ir show {case} sockets"]',
    ],
    `where: ${where}\n`,
  ].join('\n');
const source = { acquisition: 'a', item: 1, name: 'n' };

function judgeOf(text: string): OwnJudge {
  const { rules, bad } = parseOwnRules(text, 'f');
  expect(bad).to.deep.equal([]);
  return new OwnJudge(rules, 'node-a', 'c', (pid) =>
    pid === 7 ? { namespace: 'prod', pod: 'web', pid } : undefined,
  );
}

describe('a judgement by rules of the user', () => {
  it('names who it is about, what was seen and where, escaped, and what to do', () => {
    const judge = judgeOf(rule('x', '{remotePort: 4444, name: {contains: sh}}'));
    judge.take({ remotePort: 4444, name: 'sh\u001b[2J', holders: [{ pid: 7 }], path: '/x\u0007' }, source);
    judge.take({ remotePort: 4444, name: 'sh', holders: [{ pid: 8 }] }, source);
    judge.take({ remotePort: 1, name: 'sh' }, source);
    const { findings, incomplete } = judge.judgement();
    expect(incomplete).to.deep.equal([]);
    expect(findings).to.have.length(2);
    expect(findings[0]).to.deep.include({
      subject: { node: 'node-a', namespace: 'prod', pod: 'web', pid: 7, path: '/x\\x07' },
      seen: 'remotePort 4444, name sh\\x1b[2J',
      evidence: [{ ...source, excerpt: 'remotePort 4444, name sh\\x1b[2J' }],
      next: ['kubectl ir isolate web -n prod', 'kubectl ir show c sockets'],
    });
    expect(findings[1]).to.deep.include({
      subject: { node: 'node-a', pid: 8 },
      next: ['kubectl ir show c sockets'],
    });
  });
  it('tells a record of two acquisitions once', () => {
    const judge = judgeOf(rule('x', '{remotePort: 4444}'));
    for (const acquisition of ['a', 'b'])
      judge.take({ remotePort: 4444, pid: 8 }, { ...source, acquisition });
    expect(judge.judgement().findings).to.have.length(1);
  });
  it('says that no record has a field that a rule asks for', () => {
    const judge = judgeOf(
      `${rule('x', '{not: {remoteProt: 4444}}')}---\n${rule('y', '{remotePort: {greater: 1}}')}`,
    );
    judge.take({ remotePort: 4444 }, source);
    expect(judge.judgement().incomplete).to.deep.equal([
      { rule: 'x', node: 'node-a', items: 1, reason: 'no record of sockets has a field "remoteProt"' },
    ]);
  });
  it('tells a thousand of a flood, and how many there are', () => {
    const judge = judgeOf(rule('x', '{remotePort: {greater: 0}}'));
    for (let port = 1; port <= 1100; port += 1) judge.take({ remotePort: port }, source);
    const { findings, incomplete } = judge.judgement();
    expect(findings).to.have.length(1000);
    expect(incomplete[0]).to.include({
      items: 100,
      reason: 'it matched 1100 times; the first 1000 are told',
    });
  });
});
