import { expect } from 'chai';
import { JoinedTables } from '../../../src/artifacts/joined.ts';
import { parseKernelSymbols } from '../../../src/artifacts/kernel-symbols.ts';
import { parseMemoryMap } from '../../../src/artifacts/memory-map.ts';
import { parseMountinfo } from '../../../src/artifacts/mountinfo.ts';
import { parseOciSpec } from '../../../src/artifacts/oci-spec.ts';
import { parseDockerRecord } from '../../../src/artifacts/docker-container.ts';
import { parseDockerHostConfig } from '../../../src/artifacts/docker-host-config.ts';
import { runningKinds } from '../../../src/artifacts/kinds/running.ts';
import { ofDocker } from '../runtimes.ts';
import { cellsOf } from './kind-lab.ts';

const id = 'ab'.repeat(32);

function tables(): JoinedTables {
  const made = new JoinedTables();
  const add = (name: string, text: string): void => made.add(Buffer.from(name), Buffer.from(text));
  add('[root]/proc/2/stat', '2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 0 0 0\n');
  add('[root]/proc/17/stat', '17 (sh) S 1 1 1 0 -1 4194560 0 0 0 0 1 2 0 0 20 0 1 0 150 0 0\n');
  add('[root]/proc/17/status', 'Name:\tsh\nUid:\t0\t1000\t0\t0\nCapEff:\t000001ffffffffff\n');
  add('[root]/proc/17/cmdline', 'sh\0-c\0\u001b[2J\0');
  add('[root]/proc/17/cgroup', `0::/kubepods/pod12345678-1234-1234-1234-123456789abc/${id}\n`);
  made.addLink(Buffer.from('[root]/proc/17/fd/0'), Buffer.from('socket:[9]'));
  add(
    '[root]/proc/net/tcp6',
    '   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 9 1\n',
  );
  add('[root]/proc/net/unix', '0: 00000002 00000000 00010000 0001 01 9 /run/x\u001b\n');
  add('[root]/proc/net/packet', 'x 3 3 0003 2 1 0 0 9\n');
  return made;
}

describe('kinds of what ran', () => {
  it('each say what they are', () => {
    for (const { name, summary, columns } of runningKinds) {
      expect(name).to.match(/^[a-z]+$/);
      expect(summary).to.match(/^[a-z]/);
      expect(columns).not.to.be.empty;
    }
  });

  it('show processes as ps does, with their container', () => {
    const [kernel, shell] = cellsOf('processes', tables().processes());
    expect(kernel?.[5]).to.equal('[ kthreadd ]');
    expect(shell?.slice(0, 6)).to.deep.equal([
      '17',
      '1',
      '1000',
      '-',
      `12345678-1234-1234-1234-123456789abc/${id.slice(0, 12)}`,
      'sh -c \\x1b[2J',
    ]);
  });

  it('show sockets with who holds them', () => {
    const rows = cellsOf('sockets', tables().sockets()).map((cells) => cells.slice(0, 5).join(' | '));
    expect(rows).to.deep.equal([
      'tcp6 | [::1]:8080 | [::]:0 | LISTEN | 17/ sh',
      'unix | /run/x\\x1b | - | LISTEN | 17/ sh',
      'packet | protocol 3, interface 2 | - | - | 17/ sh',
    ]);
  });

  it('show memory that may be executed, and eBPF programs, and nothing else of their files', () => {
    const maps = '1000-3000 r-xp 0 0:0 7 /x\n3000-4000 rw-p 0 0:0 0 \n';
    expect(cellsOf('memory', parseMemoryMap(Buffer.from(maps)))).to.deep.equal([
      ['1000', '8192', 'r-xp', '/x', '7'],
    ]);
    const symbols = '0 t x\n0 t bpf_prog_6deef7357e7b4530_sd_fw\t[bpf]\n';
    expect(cellsOf('bpf', parseKernelSymbols(Buffer.from(symbols)))).to.deep.equal([
      ['sd_fw', '6deef7357e7b4530', '0'],
    ]);
  });

  it('show mounts', () => {
    const line = '21 1 8:1 /etc /host/etc rw,relatime shared:1 - ext4 /dev/sda1 rw\n';
    expect(cellsOf('mounts', parseMountinfo(Buffer.from(line)))[0]?.slice(0, 5)).to.deep.equal([
      '/host/etc',
      'ext4',
      '/dev/sda1',
      '/etc',
      'rw,relatime',
    ]);
  });

  it('show what of the node a container could use', () => {
    const spec = {
      ociVersion: '1',
      process: { args: ['sh'], capabilities: { effective: ['CAP_SYS_ADMIN', 'CAP_CHOWN'] } },
      mounts: [
        { destination: '/host', type: 'bind', source: '/' },
        { destination: '/run/c.sock', type: 'bind', source: '/run/containerd/containerd.sock' },
        { destination: '/etc/hosts', type: 'bind', source: '/var/lib/kubelet/pods/u/etc-hosts' },
      ],
      linux: {
        namespaces: [{ type: 'mount' }, { type: 'ipc' }, { type: 'uts' }, { type: 'network' }],
        resources: { devices: [{ allow: true, access: 'rwm' }] },
      },
    };
    const [cells] = cellsOf(
      'containers',
      parseOciSpec(Buffer.from(JSON.stringify(spec)), Buffer.from('x/config.json')),
    );
    expect(cells?.[6]).to.equal('privileged host-pid SYS_ADMIN / /run/containerd/containerd.sock');
  });

  it('show how a container is doing, and claim nothing that its files do not say', () => {
    const { config, settings, path } = ofDocker('pod');
    const records = [...parseDockerRecord(config, path), ...parseDockerHostConfig(settings, path)];
    const kind = runningKinds.find(({ name }) => name === 'containers');
    const cells = (rows: readonly object[]): string[] => {
      const row = kind?.join?.row('docker x', rows, rows.length) ?? {};
      return kind?.columns.map((column) => column.text(row)) ?? [];
    };
    expect(cells(records)).to.deep.equal([
      ...['prod', 'web-0', 'web', 'lab:1', 'running', '2026-11-26T10:01:49.034264845Z'],
      ...[
        'host-pid host-uts /run/containerd/containerd.sock /etc',
        'sh -c sleep 3600',
        '-',
        '1236',
        'docker',
      ],
      ...['d7da053dc035', '-'],
    ]);
    expect(cells([{ id: 'x', exitCode: 3, state: 'exited' }]).slice(4, 8)).to.deep.equal([
      ...['exited (3)', '-', '-', '-'],
    ]);
  });
});
