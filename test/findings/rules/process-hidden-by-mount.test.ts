import { expect } from 'chai';
import { processHiddenByMount } from '../../../src/findings/rules/process-hidden-by-mount.ts';
import { nodeMountTable, processItems, seenBy } from '../traces-lab.ts';

describe('rule process-hidden-by-mount', () => {
  it('finds a mount over a process', () => {
    expect(
      seenBy(
        processHiddenByMount,
        processItems(1, { mounts: `${nodeMountTable}30 22 8:1 /empty /proc/4242 rw - ext4 /dev/sda1 rw\n` }),
      ),
    ).to.deep.equal(['critical: a mount covers it']);
  });
  it('leaves other files of /proc alone', () => {
    expect(
      seenBy(
        processHiddenByMount,
        processItems(1, {
          mounts: `${nodeMountTable}30 22 0:77 /cpuinfo /proc/cpuinfo rw - fuse.lxcfs lxcfs rw\n`,
        }),
      ),
    ).to.deep.equal([]);
  });
});
