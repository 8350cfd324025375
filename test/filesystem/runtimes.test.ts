import { expect } from 'chai';
import { flagValues, parseRuntimes } from '../../src/filesystem/runtimes.ts';

const token = '@t';
const outputs = (
  pid: number,
  program: string,
  words: string,
  cgroup: string,
  files: string,
): [string, Buffer][] =>
  Object.entries({
    [`[root]/proc/${pid}/comm`]: `${program}\n`,
    [`[root]/proc/${pid}/cmdline`]: words,
    [`[root]/proc/${pid}/cgroup`]: cgroup,
    [`live_response/runtimes/${pid}.descriptors`]: files,
  }).map(([name, text]) => [name, Buffer.from(text, 'latin1')]);

describe('the runtimes of a node', () => {
  it('are told with their words and open files', () => {
    const files = `'./1' -> 'socket:[7]'${token}\n'./2' -> '/data/a\n'./3' -> '/b'${token}\n'./12' -> '/data/meta.db'${token}\n${token}end\n`;
    const items = new Map(
      outputs(7, 'containerd', 'containerd\0--root\0/data\0', '0::/system.slice/containerd.service\n', files),
    );
    expect(parseRuntimes(items, token)).to.deep.equal([
      {
        pid: 7,
        program: 'containerd',
        words: ['containerd', '--root', '/data'],
        files: ["/data/a\n'./3' -> '/b", '/data/meta.db'],
      },
    ]);
  });

  it('are none that run in a container, whatever they call themselves', () => {
    const cgroup = `0::/kubepods/besteffort/pod1a2b3c4d-0000-4000-8000-000000000000/${'c'.repeat(64)}\n`;
    const items = new Map(
      outputs(8, 'containerd', 'containerd\0--root\0/var/lib/kubelet/evil\0', cgroup, ''),
    );
    expect(parseRuntimes(items, token)).to.deep.equal([]);
    items.delete('[root]/proc/8/cgroup');
    expect(parseRuntimes(items, token)).to.deep.equal([]);
  });

  it('have flags in both forms, the last one first', () => {
    const words = ['x', '--root', '/a', '-c=/b', '--root=/c', '--root'];
    expect(flagValues(words, ['--root'])).to.deep.equal(['/c', '/a']);
    expect(flagValues(words, ['--config', '-c'])).to.deep.equal(['/b']);
  });
});
