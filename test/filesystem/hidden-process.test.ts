import { expect } from 'chai';
import { hiddenProcesses } from '../../src/filesystem/hidden-process.ts';
import type { HiddenProcess } from '../../src/filesystem/pod-diff.ts';
import type { Executable, Member } from '../../src/filesystem/processes.ts';

const boot = Buffer.from('btime 1000000000\n');
const member = (executable?: Executable, more: Partial<Member> = {}): Member => ({
  pid: 4711,
  parent: 1,
  startTicks: 250,
  containerPid: 17,
  name: 'sh',
  ...(executable === undefined ? {} : { executable }),
  ...more,
});
const hidden = (path: string, links = 0, more: Partial<Member> = {}): HiddenProcess[] =>
  hiddenProcesses([member({ path, links, size: 1234 }, more)], boot);

describe('a hidden process', () => {
  for (const [what, path, executable, reason] of [
    ['runs a deleted file', '/tmp/x (deleted)', '/tmp/x', 'deleted'],
    ['runs from memory alone', '/memfd:kthreadd (deleted)', '/memfd:kthreadd', 'memfd'],
    ['runs from memory without a name', '/memfd: (deleted)', '/memfd:', 'memfd'],
    ['runs a deleted file that was named so', '/tmp/x (deleted) (deleted)', '/tmp/x (deleted)', 'deleted'],
    ['runs a file without a name and without the mark', '/tmp/x', '/tmp/x', 'deleted'],
    ['runs from a directory named like memory', '/tmp/memfd:x (deleted)', '/tmp/memfd:x', 'deleted'],
    ['has the mark in the middle', '/a (deleted)/b (deleted)', '/a (deleted)/b', 'deleted'],
    [
      'has a terminal in its name',
      '/tmp/\x1b[2J\r\nx\xff (deleted)',
      '/tmp/\\x1b[2J\\x0d\\x0ax\\xff',
      'deleted',
    ],
  ] as const)
    it(what, () =>
      expect(hidden(path).map((found) => [found.executable, found.reason, found.size])).to.deep.equal([
        [executable, reason, 1234],
      ]),
    );

  for (const [what, path, links] of [
    ['of a file', '/bin/sh', 1],
    ['of a file that is only NAMED so', '/tmp/x (deleted)', 1],
    ['of a file named like memory', '/memfd:x (deleted)', 1],
    ['of a file with many names', '/tmp/x (deleted)', 2],
  ] as const)
    it(`is none ${what}`, () => expect(hidden(path, links)).to.deep.equal([]));

  it('is none whose program is not known', () => {
    expect(hiddenProcesses([member()], boot)).to.deep.equal([]);
  });
  it('is told with both numbers, its name escaped and its start', () => {
    expect(hidden('/x (deleted)', 0, { name: 'a\n\x1b]0;b\x07' })).to.deep.equal([
      {
        pid: 4711,
        containerPid: 17,
        name: 'a\\x0a\\x1b]0;b\\x07',
        executable: '/x',
        reason: 'deleted',
        size: 1234,
        started: '2001-09-09T01:46:42.500000000Z',
      },
    ]);
  });
  for (const [what, bootTime] of [
    ['no boot time', undefined],
    ['an empty one', Buffer.alloc(0)],
    ['one that is no number', Buffer.from('btime soon\n')],
  ] as const)
    it(`has no start with ${what}`, () => {
      const [found] = hiddenProcesses([member({ path: '/x', links: 0, size: 1 })], bootTime);
      expect(found).to.include({ pid: 4711 }).and.to.not.have.property('started');
    });
  it('has no number of its own where the node told none', () => {
    expect(hidden('/x', 0, { containerPid: undefined })[0]).to.not.have.property('containerPid');
  });
  it('is one of many, in their order', () => {
    const gone = { path: '/x (deleted)', links: 0, size: 1 };
    const members = [member(gone, { pid: 9 }), member({ ...gone, links: 1 }), member(gone, { pid: 3 })];
    expect(hiddenProcesses(members, boot).map(({ pid }) => pid)).to.deep.equal([9, 3]);
  });
});
