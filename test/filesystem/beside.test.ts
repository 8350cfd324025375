import { expect } from 'chai';
import type { Collector } from '../../src/collector/collector.ts';
import { lookBeside } from '../../src/filesystem/beside.ts';
import type { Located } from '../../src/filesystem/beside.ts';
import { MemorySink } from '../collector/local-node.ts';

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
  const look = async (
    without: { readonly table?: number; readonly output?: string } = {},
  ): Promise<{ found: Awaited<ReturnType<typeof lookBeside>>; inputs: string[] }> => {
    const inputs: string[] = [];
    const collector = {
      collect: (script: string, _: unknown, __: unknown, ___: unknown, input?: Uint8Array) => {
        inputs.push(`${script} ${Buffer.from(input ?? []).toString()}`);
        return Promise.resolve();
      },
    } as unknown as Collector;
    const found = await lookBeside(
      collector,
      {
        id: 'a'.repeat(64),
        token,
        outputs: new Map(
          Object.entries(outputs)
            .filter(([name]) => name !== without.output)
            .map(([name, text]) => [name, Buffer.from(text)]),
        ),
        members: [member(40, 2), member(41, 40)],
        table: (pid) => (pid === without.table ? undefined : Buffer.from(tables[pid] ?? '')),
        since: 0n,
      },
      { sink: new MemorySink(), signal: new AbortController().signal },
    );
    return { found, inputs };
  };

  it('finds mounts that one process alone sees, and reads memory through it', async () => {
    const { found, inputs } = await look();
    expect(found.namespaces).to.deep.equal([
      {
        namespace: '2',
        pids: [41],
        mounts: [{ path: '/mnt', type: 'tmpfs', source: 'none', readOnly: false }],
      },
    ]);
    expect(inputs).to.deep.equal(['diff-mounts 41 41\n/mnt\n']);
    expect(found.blind).to.deep.equal([]);
  });
  it('says what it could not read', async () => {
    const { found, inputs } = await look({ table: 41, output: 'open-files.txt' });
    expect(found.blind.map(({ what }) => what)).to.deep.equal(['the mounts of process 41', 'open files']);
    expect(inputs).to.deep.equal([]);
  });
});
