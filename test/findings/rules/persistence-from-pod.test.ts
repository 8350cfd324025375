import { expect } from 'chai';
import { persistenceFromPod } from '../../../src/findings/rules/persistence-from-pod.ts';
import { containerMountTable, processItems, seenBy, web } from '../traces-lab.ts';

describe('rule persistence-from-pod', () => {
  it('finds what was changed while a pod could', () => {
    expect(
      seenBy(
        persistenceFromPod,
        processItems(10, {
          in: web,
          started: 500,
          mounts: containerMountTable('51 50 8:1 /etc/cron.d /srv rw - ext4 /dev/sda1 rw'),
        }),
        { '[root]/etc/cron.d/x': { bytes: '* * * * * root true\n', changed: 1_795_636_000 } },
      ),
    ).to.deep.equal(['high: changed 500 s after the container started']);
  });
  it('leaves files from before alone, and read-only mounts', () => {
    expect(
      seenBy(
        persistenceFromPod,
        processItems(10, {
          in: web,
          started: 500,
          mounts: containerMountTable(
            '51 50 8:1 /etc/cron.d /srv rw - ext4 /dev/sda1 rw',
            '52 50 8:1 /etc/profile.d /p ro - ext4 /dev/sda1 rw',
          ),
        }),
        {
          '[root]/etc/cron.d/x': { bytes: '', changed: 1_795_635_100 },
          '[root]/etc/profile.d/x': { bytes: '', changed: 1_795_636_000 },
        },
      ),
    ).to.deep.equal([]);
  });
});
