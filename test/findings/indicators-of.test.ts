import { expect } from 'chai';
import { indicatorKey } from '../../src/findings/indicator.ts';
import { indicatorsOf, podsOf } from '../../src/findings/indicators-of.ts';
import { judge } from '../../src/findings/judge.ts';
import { rules } from '../../src/findings/rules.ts';
import {
  bookOf,
  cleanNode,
  containerMountTable,
  diffOf,
  type Items,
  processItems,
  web,
} from './traces-lab.ts';

const hex = 'ab'.repeat(32);
const attacked: Items = {
  ...cleanNode(),
  ...processItems(10, {
    in: web,
    exe: '/tmp/x (deleted)',
    links: 0,
    fd: { 0: 'socket:[77]', 1: 'socket:[77]' },
    mounts: containerMountTable(),
  }),
  '[root]/proc/10/net/tcp': 'head\n0: 0303F40A:A45C 0302F40A:115C 01 0:0 0:0 0 0 0 77 1\n',
  'live_response/process/10/exe': { bytes: 'elf', sha256: 'cd'.repeat(32) },
  'live_response/pod-diff.json': diffOf([
    {
      path: '/tmp/x',
      change: 'added',
      type: 'file',
      content: 'elf',
      size: 5,
      sha256: hex,
      flags: ['setuid'],
    },
    { path: '/var/log/app.log', change: 'added', type: 'file', size: 7, sha256: 'ef'.repeat(32), flags: [] },
  ]),
};

describe('what can be looked for elsewhere', () => {
  const book = bookOf(attacked);
  const { findings } = judge(rules, [book.docket()], 'c');

  it('is what intruders ran, left and talked to, with the rule that says so', () => {
    const found = indicatorsOf(findings, [book.traces()]);
    expect(found.map(indicatorKey)).to.have.members([
      ...['address 10.244.2.3 4444', `sha256 ${'cd'.repeat(32)}`, `sha256 ${hex}`, 'path /tmp/x'],
    ]);
    expect(found.find(({ value }) => value === hex)).to.include({ size: 5, from: 'planted-in-container' });
    expect([...podsOf(findings)]).to.deep.equal(['prod/web']);
  });
  it('has a program that was only brought along where its pod shows more', () => {
    const changes = [
      { path: '/opt/tool', change: 'added', type: 'file', content: 'elf', sha256: hex, flags: [] },
    ];
    const keys = (items: Items): string[] => {
      const one = bookOf({ ...items, 'live_response/pod-diff.json': diffOf(changes) });
      return indicatorsOf(judge(rules, [one.docket()], 'c').findings, [one.traces()]).map(indicatorKey);
    };
    expect(keys(cleanNode())).to.deep.equal([]);
    expect(keys(attacked)).to.include.members([`sha256 ${hex}`, 'path /opt/tool']);
  });
  it('is nothing of a clean node', () => {
    const clean = bookOf(cleanNode());
    const judged = judge(rules, [clean.docket()], 'c').findings;
    expect(indicatorsOf(judged, [clean.traces()])).to.deep.equal([]);
    expect(indicatorsOf(findings, [])).to.deep.equal([]);
  });
});
