import { expect } from 'chai';
import { hiddenProcesses } from '../../src/filesystem/hidden-process.ts';
import { firstProcess, parseMembers, startTime } from '../../src/filesystem/processes.ts';

const id = 'ab'.repeat(32);
const other = 'cd'.repeat(32);
const token = '@secret';
const stat = (pid: number, parent: number, start: number, name = 'sh'): string =>
  `${pid} (${name}) S ${parent} 1 1 0 -1 4194304 1 1 1 1 1 1 1 1 20 0 1 0 ${start} 1 1 1`;
const grep = (file: string, entries: readonly (readonly [number, string])[]): Buffer =>
  Buffer.from(
    entries
      .map(([pid, text]) =>
        text
          .split('\n')
          .map((line) => `${pid}/${file}:${line}\n`)
          .join(''),
      )
      .join('') + `${token}end\n`,
    'latin1',
  );
const v1 = (container: string): string => `12:pids:/lab/kubepods/pod1/${container}\n0::/`;
const v2 = (container: string): string =>
  `0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${container}.scope/init.scope`;

function outputs(): Map<string, Buffer> {
  return new Map([
    [
      'cgroup.txt',
      grep('cgroup', [
        [10, v1(id)],
        [11, v2(id)],
        [12, v2(id)],
        [13, `0::/kubepods/pod1/${other}/${id}`],
        [14, v1(id)],
      ]),
    ],
    [
      'stat.txt',
      grep('stat', [
        [10, stat(10, 2, 500)],
        [11, stat(11, 10, 600, 'a) R\n1/stat:1')],
        [12, stat(12, 2, 700)],
        [13, stat(13, 2, 1)],
      ]),
    ],
    [
      'status.txt',
      grep('status', [
        [10, 'Name:\tsh\nNSpid:\t10\t1'],
        [11, 'NSpid:\t11\t7'],
        [12, 'NSpid:\t12\t9'],
      ]),
    ],
    ['executables.txt', Buffer.from(`10/exe 1 100 5 6\n11/exe 0 200 5 7\n12/exe 0 300 1 8\n${token}end\n`)],
    [
      'executable-links.txt',
      Buffer.from(
        `10/exe'10/exe' -> '/bin/x (deleted)'${token}\n11/exe'11/exe' -> '/tmp/mi\nner (deleted)'${token}\n` +
          `12/exe'12/exe' -> '/memfd:k (deleted)'${token}\n${token}end\n`,
      ),
    ],
  ]);
}

describe('processes of a container', () => {
  it('are those whose outermost container it is and that still live', () => {
    expect(
      parseMembers(outputs(), id, token).map(({ pid, parent, containerPid }) => [pid, parent, containerPid]),
    ).to.deep.equal([
      [10, 2, 1],
      [11, 10, 7],
      [12, 2, 9],
    ]);
  });
  it('are those of a container whose id somebody chose, but not of one inside of another', () => {
    const named = outputs();
    const paths: [number, string][] = [
      [10, '0::/default/my-tool'],
      [11, '0::/default/my-tool/below'],
      [12, `0::/kubepods/pod1/${other}/my-tool`],
      [13, '0::/default/my-tool-2'],
    ];
    named.set('cgroup.txt', grep('cgroup', paths));
    expect(parseMembers(named, 'my-tool', token).map(({ pid }) => pid)).to.deep.equal([10, 11]);
  });
  it('have a first one: number 1 of its namespace, else the oldest that came from outside', () => {
    const members = parseMembers(outputs(), id, token);
    expect(firstProcess(members)?.pid).to.equal(10);
    const shared = members.map((member) => ({ ...member, containerPid: member.pid }));
    expect(firstProcess(shared)?.pid).to.equal(10);
    expect(firstProcess([])).to.equal(undefined);
  });
  it('are hidden when they run what has no name, whatever the link says', () => {
    const boot = Buffer.from('btime 1000000000\n');
    const hidden = hiddenProcesses(parseMembers(outputs(), id, token), boot);
    expect(hidden.map(({ pid, executable, reason, size }) => [pid, executable, reason, size])).to.deep.equal([
      [11, '/tmp/mi\\x0aner', 'deleted', 200],
      [12, '/memfd:k', 'memfd', 300],
    ]);
    expect(hidden[0]?.started).to.equal('2001-09-09T01:46:46.000000000Z');
  });
  it('are none in outputs that were cut', () => {
    for (const [name, bytes] of outputs()) {
      const cut = new Map(outputs()).set(name, bytes.subarray(0, -1));
      const members = parseMembers(cut, id, token);
      if (name === 'cgroup.txt' || name === 'stat.txt') expect(members).to.deep.equal([]);
      else expect(members).to.have.length(3);
    }
  });
  it('start at a known time only with a boot time', () => {
    expect(startTime(undefined, 5)).to.equal(undefined);
    expect(startTime(Buffer.from('btime x\n'), 5)).to.equal(undefined);
    expect(startTime(Buffer.from('btime 7\n'), 150)).to.equal(8_500_000_000n);
  });
});
