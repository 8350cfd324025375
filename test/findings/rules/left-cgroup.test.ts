import { expect } from 'chai';
import { leftCgroup } from '../../../src/findings/rules/left-cgroup.ts';
import { processItems, seenBy } from '../traces-lab.ts';

describe('rule left-cgroup', () => {
  it('finds who is in a container and counted nowhere', () => {
    expect(seenBy(leftCgroup, processItems(11, { namespaces: { mnt: 200, pid: 201 } }))).to.deep.equal([
      'high: shares the mnt namespace with pid 10 of the container, its cgroup is none of a container',
    ]);
  });
  it('leaves services with a mount namespace of their own alone, and what is on its way in', () => {
    expect(
      seenBy(
        leftCgroup,
        processItems(11, { namespaces: { mnt: 777 } }),
        processItems(12, { namespaces: { mnt: 200 }, started: 10_000 }),
      ),
    ).to.deep.equal([]);
  });
});
