import { expect } from 'chai';
import { lookBeside } from '../../src/filesystem/beside.ts';
import type { Beside, Located } from '../../src/filesystem/beside.ts';

const token = '@0123456789abcdef01234567';
const end = `${token}end\n`;
const outputs: Readonly<Record<string, string>> = {
  'mount-namespaces.txt': `40/ns/mnt 1\n41/ns/mnt 2\n${end}`,
  'open-files.txt': end,
  'open-file-links.txt': end,
};
const member = (pid: number, parent: number): Located['members'][number] => ({
  pid,
  parent,
  startTicks: pid,
  containerPid: pid - 39,
  name: '',
});
const root = '10 5 0:40 / / rw - overlay overlay rw\n';
const tables: Readonly<Record<number, string>> = {
  1: '1 0 8:1 / / rw - ext4 d rw\n',
  40: root,
  41: `${root}11 10 0:41 / /mnt rw - tmpfs none rw\n`,
};

describe('what is looked at beside the layers', () => {
  const look = (
    without: { readonly table?: number; readonly output?: string } = {},
  ): { found: Beside; listed: string[] } => {
    const { listed, found } = lookBeside({
      token,
      outputs: new Map(
        Object.entries(outputs)
          .filter(([name]) => name !== without.output)
          .map(([name, text]) => [name, Buffer.from(text)]),
      ),
      members: [member(40, 2), member(41, 40)],
      table: (pid) => (pid === without.table ? undefined : Buffer.from(tables[pid] ?? '')),
    });
    return {
      found: found(new Map()),
      listed: listed.map(({ mount, pid }) => `${mount.point.toString()} by ${pid}`),
    };
  };

  it('finds mounts that one process alone sees, and wants memory read through it', () => {
    const { found, listed } = look();
    expect(found.namespaces).to.deep.equal([
      {
        namespace: '2',
        pids: [41],
        mounts: [{ path: '/mnt', type: 'tmpfs', source: 'none', readOnly: false }],
      },
    ]);
    expect(listed).to.deep.equal(['/mnt by 41']);
    expect(found.blind).to.deep.equal([]);
  });
  it('says what it could not read', () => {
    const { found, listed } = look({ table: 41, output: 'open-files.txt' });
    expect(found.blind.map(({ what }) => what)).to.deep.equal(['the mounts of process 41', 'open files']);
    expect(listed).to.deep.equal([]);
  });
});
