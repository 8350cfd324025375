import { expect } from 'chai';
import { ueventHelper } from '../../../src/findings/rules/uevent-helper.ts';
import { seenBy } from '../traces-lab.ts';

describe('rule uevent-helper', () => {
  it('finds a helper', () => {
    expect(seenBy(ueventHelper, { '[root]/sys/kernel/uevent_helper': '/tmp/x\n' })).to.deep.equal([
      'critical: a program is set as helper',
    ]);
  });
  it('leaves that of old kernels alone', () => {
    expect(seenBy(ueventHelper, { '[root]/sys/kernel/uevent_helper': '/sbin/hotplug\n' })).to.deep.equal([]);
  });
});
