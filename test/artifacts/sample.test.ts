import { expect } from 'chai';
import { SampleBuilder } from '../../src/artifacts/sample.ts';

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
});
