import { expect } from 'chai';
import fc from 'fast-check';
import { SampleBuilder } from '../../src/artifacts/sample.ts';
import { hostileBytes } from './hostile.ts';

const uid = '5f0c1e7a-1111-2222-3333-444455556666';
const id = 'a'.repeat(64);

describe('SampleBuilder', () => {
  it('joins hierarchies, the network and the figures of the node', () => {
    const builder = new SampleBuilder();
    const files = {
      [`/sys/fs/cgroup/cpu,cpuacct/kubepods/burstable/pod${uid}/${id}/cpuacct.usage`]: '5\n',
      [`/sys/fs/cgroup/memory/kubepods/burstable/pod${uid}/${id}/memory.usage_in_bytes`]: '100\n',
      [`/sys/fs/cgroup/memory/kubepods/burstable/pod${uid}/${id}/memory.stat`]: 'total_inactive_file 30\n',
      [`/sys/fs/cgroup/pids/kubepods/burstable/pod${uid}/pids.current`]: '3\n',
      '/sys/fs/cgroup/pids/system.slice/pids.current': '9\n',
      '/proc/17/cgroup': `4:pids:/kubepods/burstable/pod${uid}/${id}\n`,
      '/proc/17/net/dev': '  eth0: 2000 1 0 0 0 0 0 0 3000 1 0 0 0 0 0 0\n',
      '/proc/uptime': '100.25 50.00\n',
      '/proc/loadavg': '0.50 0.25 0.10 1/100 1234\n',
      '/proc/stat': 'cpu  10 20 30 1000 50 1 2 3 0 0\ncpu0 1 1 1 1\ncpu1 1 1 1 1\n',
      '/proc/meminfo': 'MemTotal:  1000 kB\nMemAvailable:   400 kB\n',
    };
    for (const [name, text] of Object.entries(files)) builder.add(name, Buffer.from(text));
    const sample = builder.sample();
    expect(sample?.uptime).to.equal(100.25);
    expect(Object.fromEntries(sample?.cgroups ?? [])).to.deep.equal({
      [`${uid}/${id}`]: { cpuNs: 5, memoryBytes: 100, workingSetBytes: 70 },
      [uid]: { processes: 3, receivedBytes: 2000, sentBytes: 3000 },
    });
    expect(sample?.node).to.deep.equal({
      load: '0.50 0.25 0.10',
      processors: 2,
      cpuNs: 66e7,
      memoryBytes: 600 * 1024,
      memoryLimitBytes: 1000 * 1024,
    });
  });

  it('is none without the time of the node', () => {
    expect(new SampleBuilder().sample()).to.equal(undefined);
  });

  it('lives through whatever a node gives, and has no figure that is none', () => {
    const pod = `/sys/fs/cgroup/kubepods/pod${uid}`;
    const names = [
      ...['cpu.stat', 'cpuacct.usage', 'memory.stat', 'memory.max', 'io.stat'].map(
        (file) => `${pod}/${file}`,
      ),
      ...['17/cgroup', '17/net/dev', 'uptime', 'loadavg', 'stat', 'meminfo'].map((file) => `/proc/${file}`),
    ];
    const bytes = hostileBytes(
      `0::/kubepods/pod${uid}\n`,
      '  eth0: 2000 1 0 0 0 0 0 0 3000 1 0 0 0 0 0 0\n',
      '100.25 50.00\n',
      `${'9'.repeat(400)} 1\n`,
      '0.50 0.25 0.10 1/100 1234\n',
      `cpu  10 20 30 1000 50 1 2 ${'9'.repeat(400)} 0 0\ncpu0 1 1 1 1\n`,
      `MemTotal:  ${'9'.repeat(400)} kB\nMemAvailable:   400 kB\n`,
      'usage_usec 5\nnr_periods 10\n',
      `8:0 rbytes=10 wbytes=${'9'.repeat(400)}\n`,
    );
    const items = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...names), fc.string()), bytes));
    fc.assert(
      fc.property(items, (all) => {
        const builder = new SampleBuilder();
        builder.add('/proc/uptime', Buffer.from('100.25 50.00\n'));
        for (const [name, content] of all) builder.add(name, content);
        const { load, ...figures } = builder.sample()?.node ?? { load: '' };
        expect(load).to.match(/^[0-9. ]*$/);
        for (const one of [figures, ...(builder.sample()?.cgroups.values() ?? [])])
          for (const value of Object.values(one)) expect(Number.isFinite(value)).to.equal(true);
      }),
      { numRuns: 500 },
    );
  });
});
