import { expect } from 'chai';
import { hiddenProcess } from '../../../src/findings/rules/hidden-process.ts';
import { seenBy } from '../traces-lab.ts';

describe('rule hidden-process', () => {
  it('finds what a cgroup counts and answers', () => {
    expect(
      seenBy(hiddenProcess, {
        'live_response/process/cgroup_pids.txt': '1\n10\n66\n',
        'live_response/process/answering_pids.txt': '1\n66\n',
      }),
    ).to.deep.equal([
      'critical: it is counted in a cgroup and answers, and is not in the list of 3 processes up to 900',
    ]);
  });
  it('doubts it where PIDs begin anew', () => {
    expect(
      seenBy(hiddenProcess, {
        'live_response/process/cgroup_pids.txt': '1\n66\n',
        '[root]/proc/sys/kernel/pid_max': '1000\n',
      }),
    ).to.deep.equal(['medium: it is counted in a cgroup, and is not in the list of 3 processes up to 900']);
  });
  it('leaves what started since alone, and says nothing of a list that is empty', () => {
    expect(seenBy(hiddenProcess, { 'live_response/process/cgroup_pids.txt': '1\n950\n' })).to.deep.equal([]);
  });
});
