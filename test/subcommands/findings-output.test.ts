import { expect } from 'chai';
import { findingList, printFindings, tellLimits, type Told } from '../../src/subcommands/findings-output.ts';
import { memoryIo } from '../support/memory-io.ts';

const told: Told = {
  findings: [
    {
      rule: 'x',
      title: 'something',
      severity: 'low',
      confidence: 'low',
      attack: ['T1014'],
      threatMatrix: [],
      subject: { node: 'a' },
      seen: 'seen\u001b[2J',
      evidence: [{ acquisition: 'q', item: 1, name: 'n', excerpt: 'e' }],
      explanation: 'E.',
      refutedBy: 'R.',
      next: ['kubectl ir show c files'],
    },
  ],
  notJudged: [
    { rule: 'y', node: 'a', lack: 'missing', reason: 'no z', next: 'n' },
    { rule: 'w', node: 'a', lack: 'missing', reason: 'no z', next: 'n' },
    { rule: 'v', node: 'a', lack: 'not-asked', reason: 'nobody asked for u', next: 'm' },
    { rule: 't', node: 'a', lack: 'none', reason: 'it has no s', next: 'm' },
  ],
  incomplete: [],
  nodes: ['a'],
  rules: 5,
  malformed: 0,
  damaged: [],
  denied: [],
  badRules: [],
};

describe('output of findings', () => {
  it('has the block of a light one only where it is wide', async () => {
    const [narrow, wide] = [memoryIo(), memoryIo()];
    await printFindings(narrow, told, undefined);
    await printFindings(wide, told, 'wide');
    expect(narrow.out()).not.to.contain('evidence');
    expect(narrow.out()).to.match(/^LOW +low +something +node +x$/m);
    expect(wide.out()).to.contain('   seen       seen\\x1b[2J\n');
    expect(wide.out()).to.contain('   evidence   q #1 n: e\n');
    expect(wide.out()).to.match(
      /1 low; 1 of 5 judgements made on a, 2 rules NOT judged, 1 rule not judged \(not collected\), 1 rule not judged \(the node has no such thing\)\n$/,
    );
  });
  it('says of what most nodes have how many have it, and what it would weigh otherwise', async () => {
    const io = memoryIo();
    const common = { nodes: 4, of: 5, otherwise: 'medium' as const };
    await printFindings(io, { ...told, findings: told.findings.map((one) => ({ ...one, common })) }, 'wide');
    expect(io.out()).to.match(/^LOW +low +something \(on 4 of 5 nodes\) +node +x$/m);
    expect(io.out()).to.contain(
      '   common     on 4 of 5 nodes, of one DaemonSet, image and specification; medium otherwise\n',
    );
  });
  it('puts rules together that lack the same', async () => {
    const io = memoryIo();
    await tellLimits(io, told);
    expect(io.err()).to.equal(
      [
        'warning: not judged: y, w on a: no z; collect it with: n\n',
        'warning: not judged: v on a: nobody asked for u; collect it with: m\n',
        'warning: not judged: t on a: it has no s\n',
      ].join(''),
    );
  });
  it('names rules that are left out by file and line, and damage, cut where it is long', async () => {
    const io = memoryIo();
    const damaged = Array.from({ length: 12 }, (_, number) => `item ${number}`);
    const badRules = [{ file: 'r/x.yaml', line: 7, reason: 'no\u001b[2J' }];
    const notJudged: never[] = [];
    await tellLimits(io, { ...told, notJudged, damaged, badRules });
    expect(io.err()).to.match(
      /^warning: rule left out: r\/x\.yaml:7: no\\x1b\[2J\nwarning: damaged, left out: item 0\n/,
    );
    expect(io.err()).to.match(/item 9\nwarning: damaged, left out: 2 more\n$/);
    await printFindings(io, { ...told, badRules, notJudged }, undefined);
    expect(io.out()).to.match(/5 of 5 judgements made on a, 1 of your rules left out\n$/);
  });
  it('has a kind and a version', () => {
    expect(findingList(told)).to.include({ apiVersion: 'kubectl-ir/v1', kind: 'FindingList', malformed: 0 });
  });
});
