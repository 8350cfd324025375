import { expect } from 'chai';
import { changedRoot } from '../../../src/findings/rules/changed-root.ts';
import { containerMountTable, processItems, seenBy, web } from '../traces-lab.ts';

describe('rule changed-root', () => {
  it('finds a root in the file system of the node', () => {
    expect(
      seenBy(
        changedRoot,
        processItems(10, {
          in: web,
          root: '/host',
          mounts: containerMountTable('51 50 8:1 / /host rw - ext4 /dev/sda1 rw'),
        }),
      ),
    ).to.deep.equal(['critical: its root directory is a place of the node']);
  });
  it('leaves a daemon alone that shuts itself in', () => {
    expect(
      seenBy(
        changedRoot,
        processItems(10, {
          in: web,
          root: '/var/empty',
          mounts: containerMountTable('51 50 8:1 / /host rw - ext4 /dev/sda1 rw'),
        }),
      ),
    ).to.deep.equal([]);
  });
});
