import { expect } from 'chai';
import { releaseAgent } from '../../../src/findings/rules/release-agent.ts';
import { seenBy } from '../traces-lab.ts';

describe('rule release-agent', () => {
  it('finds an agent', () => {
    expect(seenBy(releaseAgent, { '[root]/sys/fs/cgroup/rdma/release_agent': '/cmd\n' })).to.deep.equal([
      'critical: it names a program that the kernel will run',
    ]);
  });
  it('leaves that of systemd alone, and empty ones', () => {
    expect(
      seenBy(releaseAgent, {
        '[root]/sys/fs/cgroup/systemd/release_agent': '/lib/systemd/systemd-cgroups-agent\n',
        '[root]/sys/fs/cgroup/rdma/release_agent': '\n',
      }),
    ).to.deep.equal([]);
  });
});
