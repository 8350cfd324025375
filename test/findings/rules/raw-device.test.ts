import { expect } from 'chai';
import { rawDevice } from '../../../src/findings/rules/raw-device.ts';
import { podList, podObject, processItems, seenBy, web } from '../traces-lab.ts';

describe('rule raw-device', () => {
  it('finds a disk of the node', () => {
    expect(seenBy(rawDevice, processItems(10, { in: web, fd: { 3: '/dev/sda1' } }))).to.deep.equal([
      'critical: open; its pod asks for no such device',
    ]);
  });
  it('scores down the device of a volume', () => {
    expect(
      seenBy(rawDevice, processItems(10, { in: web, fd: { 3: '/dev/xvda' } }), {
        'live_response/kubernetes/pods.json': podList(
          podObject(web, { container: { volumeDevices: [{ devicePath: '/dev/xvda' }] } }),
        ),
      }),
    ).to.deep.equal(['low: open, and a device that its pod asks for']);
  });
  it('leaves terminals and processes of the node alone', () => {
    expect(
      seenBy(
        rawDevice,
        processItems(10, { in: web, fd: { 3: '/dev/pts/0' } }),
        processItems(11, { fd: { 3: '/dev/sda1' } }),
      ),
    ).to.deep.equal([]);
  });
});
