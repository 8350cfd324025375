import { expect } from 'chai';
import { parseOpenFiles } from '../../src/filesystem/open-files.ts';
import type { Member } from '../../src/filesystem/processes.ts';

const token = '@0123456789abcdef01234567';
const member = (pid: number): Member => ({
  pid,
  parent: 1,
  startTicks: 1,
  containerPid: pid - 30,
  name: 'sh',
});
const parse = (files: string, links: string, end = `${token}end\n`): ReturnType<typeof parseOpenFiles> =>
  parseOpenFiles(
    new Map([
      ['open-files.txt', Buffer.from(files + end, 'latin1')],
      ['open-file-links.txt', Buffer.from(links + end, 'latin1')],
    ]),
    [member(40), member(41)],
    token,
  );
const link = (name: string, target: string): string => `${name}'${name}' -> '${target}'${token}\n`;

describe('open files without a name', () => {
  it('are told once for each process, deleted ones apart from memory', () => {
    const links = [
      link('40/fd/7', '/tmp/loot (deleted)'),
      link('40/fd/8', '/tmp/loot (deleted)'),
      link('41/fd/3', '/memfd:k (deleted)'),
    ].join('');
    expect(parse('40/fd/7 12\n40/fd/8 12\n41/fd/3 9\n', links)).to.deep.equal([
      { pid: 40, containerPid: 10, descriptor: 7, path: '/tmp/loot', reason: 'deleted', size: 12 },
      { pid: 41, containerPid: 11, descriptor: 3, path: '/memfd:k', reason: 'memfd', size: 9 },
    ]);
  });
  it('have names that forge nothing', () => {
    const hostile = `/x\n41/fd/3'41/fd/3' -> '/forged' (deleted)`;
    expect(parse('40/fd/7 1\n41/fd/3 1\n', link('40/fd/7', hostile))?.map(({ path }) => path)).to.deep.equal([
      "/x\\x0a41/fd/3'41/fd/3' -> '/forged'",
    ]);
  });
  it('are those of the container alone, and none when a list was cut', () => {
    expect(parse('99/fd/7 1\n', link('99/fd/7', '/x'))).to.deep.equal([]);
    expect(parse('40/fd/7 1\n', link('40/fd/7', '/x'), '')).to.deep.equal([]);
    expect(parseOpenFiles(new Map(), [], token)).to.equal(undefined);
  });
});
