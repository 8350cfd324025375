import { expect } from 'chai';
import { plantedDevice } from '../../../src/findings/rules/planted-device.ts';
import { seenBy } from '../traces-lab.ts';

describe('rule planted-device', () => {
  it('finds a disk with a second name', () => {
    expect(
      seenBy(plantedDevice, {
        'bodyfile/bodyfile.txt': '0|/var/lib/containerd/s/3/fs/tmp/disk|1|brw-r--r--|0|0|1|1|1|1|0\n',
      }),
    ).to.deep.equal(['high: it is a block device']);
  });
  it('leaves /dev and volumes of pods alone', () => {
    expect(
      seenBy(plantedDevice, {
        'bodyfile/bodyfile.txt':
          '0|/dev/sda|1|brw-r--r--|0|0|1|1|1|1|0\n0|/var/lib/kubelet/plugins/kubernetes.io/csi/volumeDevices/pvc/dev|1|brw-r--r--|0|0|1|1|1|1|0\n',
      }),
    ).to.deep.equal([]);
  });
});
