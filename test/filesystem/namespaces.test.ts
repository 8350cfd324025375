import { expect } from 'chai';
import { readMounts } from '../../src/filesystem/mounts.ts';
import { mountsOnlyIn, strangersOf } from '../../src/filesystem/namespaces.ts';
import type { Member } from '../../src/filesystem/processes.ts';

const token = '@0123456789abcdef01234567';
const members = [40, 41, 42].map((pid): Member => ({
  pid,
  parent: 1,
  startTicks: 1,
  containerPid: undefined,
  name: '',
}));
const strangers = (text: string): ReturnType<typeof strangersOf> =>
  strangersOf(new Map([['mount-namespaces.txt', Buffer.from(text)]]), members, 40, token);

describe('mount namespaces made inside a container', () => {
  it('are those of its processes that the first one is not in', () => {
    const text = `40/ns/mnt 1\n41/ns/mnt 2\n42/ns/mnt 2\n99/ns/mnt 3\n${token}end\n`;
    expect(strangers(text)).to.deep.equal([{ namespace: '2', pids: [41, 42] }]);
  });
  it('are not known when the first process has gone, or the list was cut', () => {
    expect(strangers(`41/ns/mnt 2\n${token}end\n`)).to.deep.equal([]);
    expect(strangers('40/ns/mnt 1\n41/ns/mnt 2\n')).to.deep.equal([]);
  });
  it('differ by mounts of another device, directory or point', () => {
    const table = (text: string): ReturnType<typeof readMounts> => readMounts(Buffer.from(text));
    const own = table('1 0 8:1 / / rw - ext4 d rw\n2 1 0:5 / /tmp rw - tmpfs t rw\n');
    const other = table('9 0 8:1 / / rw - ext4 d rw\n8 9 0:6 / /tmp rw - tmpfs t rw\n');
    expect(mountsOnlyIn(other, own).map(({ id }) => id)).to.deep.equal([8]);
    expect(mountsOnlyIn(own, own)).to.deep.equal([]);
  });
});
