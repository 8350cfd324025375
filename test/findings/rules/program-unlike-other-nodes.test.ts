import { expect } from 'chai';
import type { Finding } from '../../../src/findings/finding.ts';
import { judge, unmet } from '../../../src/findings/judge.ts';
import { programUnlikeOtherNodes } from '../../../src/findings/rules/program-unlike-other-nodes.ts';
import { bookOf, type Items } from '../traces-lab.ts';

const place = 'live_response/packages/programs';
const usual = 'a'.repeat(64);
const other = 'b'.repeat(64);

/** The list of digests of a node: what all nodes have, with some in place of it. */
function programs(more: Readonly<Record<string, string>> = {}): Items {
  const all = { 'usr/bin/curl': usual, 'opt/bin/kubelet': usual, 'opt/cni/bin/bridge': usual, ...more };
  const lines = Object.entries(all).map(([path, digest]) => `${digest}  ${path}\n`);
  return { [`${place}.sha256`]: lines.join('') };
}

/** What is found on nodes with these items each. */
function judged(...nodes: readonly Items[]): readonly Finding[] {
  const dockets = nodes.map((items, index) => {
    const docket = bookOf(items).docket();
    return { ...docket, traces: { ...docket.traces, node: `node-${index + 1}` } };
  });
  return judge([programUnlikeOtherNodes], dockets, 'c').findings;
}

function inShort(...nodes: readonly Items[]): string[] {
  return judged(...nodes).map(
    ({ severity, subject: { node, path = '-' }, seen }) => `${severity} ${node} ${path} ${seen}`,
  );
}

const alike = [programs(), programs(), programs()];

describe('rule program-unlike-other-nodes', () => {
  it('finds the one node that has another program, of no package, and shows what the others have', () => {
    const [finding, ...more] = judged(...alike, programs({ 'opt/bin/kubelet': other }));
    expect(more).to.deep.equal([]);
    expect(finding?.severity).to.equal('high');
    expect(finding?.subject).to.deep.equal({ node: 'node-4', path: '/opt/bin/kubelet' });
    expect(finding?.seen).to.equal('3 of 4 nodes have another in its place, all the same');
    expect(finding?.evidence.map(({ excerpt }) => excerpt)).to.deep.equal([
      `${other}  /opt/bin/kubelet`,
      ...[1, 2, 3].map((node) => `${usual}  /opt/bin/kubelet on node-${node}`),
    ]);
  });
  it('weighs less what is no way in, and what is not alone', () => {
    const seen = '3 of 4 nodes have another in its place, all the same';
    expect(inShort(...alike, programs({ 'opt/cni/bin/bridge': other }))).to.deep.equal([
      `medium node-4 /opt/cni/bin/bridge ${seen}`,
    ]);
    expect(
      inShort(...alike, programs({ 'opt/cni/bin/bridge': other, 'opt/bin/kubelet': other })),
    ).to.deep.equal([`medium node-4 /opt/bin/kubelet ${seen}`, `medium node-4 /opt/cni/bin/bridge ${seen}`]);
  });
  it('tells of a node that is ahead by a version in one finding', () => {
    const names = Array.from({ length: 300 }, (_, index) => `usr/bin/tool-${index}`);
    const all = (digest: string): Items => programs(Object.fromEntries(names.map((name) => [name, digest])));
    expect(inShort(all(usual), all(usual), all(usual), all(other))).to.deep.equal([
      'medium node-4 - 300 programs differ from those of most nodes',
    ]);
  });
  it('only mentions programs that are as the packages of their node say', () => {
    const upgraded: Items = {
      ...programs({ 'usr/bin/curl': other }),
      [`${place}.md5`]: `${'7'.repeat(32)}  usr/bin/curl\n`,
      '[root]/var/lib/dpkg/info/curl.md5sums': `${'7'.repeat(32)}  usr/bin/curl\n`,
    };
    expect(inShort(...alike, upgraded)).to.deep.equal([
      'info node-4 - programs that are as the packages of this node say differ from those of most nodes: 1',
    ]);
    const unlike = { ...upgraded, [`${place}.md5`]: `${'8'.repeat(32)}  usr/bin/curl\n` };
    expect(inShort(...alike, unlike)[0]).to.match(/^medium node-4 \/usr\/bin\/curl /);
  });
  it('says nothing of nodes that are alike, of what no majority has, and of what only one node has', () => {
    expect(inShort(...alike, programs())).to.deep.equal([]);
    const changed = programs({ 'usr/bin/curl': other });
    expect(inShort(programs(), programs(), programs(), changed, changed)).to.deep.equal([]);
    expect(inShort(programs(), programs(), changed, changed)).to.deep.equal([]);
    expect(inShort(...alike, programs({ 'usr/local/bin/tool': other }))).to.deep.equal([]);
  });
  it('finds the same changed program on two of many nodes', () => {
    const changed = programs({ 'usr/bin/curl': other });
    const many = Array.from({ length: 8 }, () => programs());
    expect(inShort(...many, changed, changed)).to.deep.equal(
      [10, 9].map(
        (node) => `medium node-${node} /usr/bin/curl 8 of 10 nodes have another in its place, all the same`,
      ),
    );
  });
  it('is not judged on fewer than four nodes, and says how to get them', () => {
    const dockets = [...alike, {}].map((items) => bookOf(items).docket());
    const { notJudged, findings } = judge([programUnlikeOtherNodes], dockets, 'c');
    expect(findings).to.deep.equal([]);
    expect(notJudged.slice(0, 3)).to.deep.equal(
      Array.from({ length: 3 }, () => ({
        rule: 'program-unlike-other-nodes',
        node: 'node-a',
        lack: 'not-asked',
        reason: 'the case has digests of programs of 3 nodes, and 4 are needed',
        next: 'kubectl ir snapshot node --all-nodes --profile full --case c',
      })),
    );
    expect(notJudged[3]?.lack).to.equal('missing');
    expect(unmet(notJudged.slice(0, 3), false)).to.deep.equal([]);
  });
  it('escapes what a node calls its programs', () => {
    const bad = 'usr/bin/\u001b[2Jx';
    const [line = ''] = inShort(
      ...[1, 2, 3].map(() => programs({ [bad]: usual })),
      programs({ [bad]: other }),
    );
    expect(line).to.contain(String.raw`/usr/bin/\x1b[2Jx`);
  });
});
