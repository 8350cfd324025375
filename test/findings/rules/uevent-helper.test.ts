import { expect } from 'chai';
import { ueventHelper } from '../../../src/findings/rules/uevent-helper.ts';
import { bookOfLooks, judged, seenBy } from '../traces-lab.ts';

describe('rule uevent-helper', () => {
  it('finds a helper', () => {
    expect(seenBy(ueventHelper, { '[root]/sys/kernel/uevent_helper': '/tmp/x\n' })).to.deep.equal([
      'critical: a program is set as helper',
    ]);
  });
  it('leaves that of old kernels alone', () => {
    expect(seenBy(ueventHelper, { '[root]/sys/kernel/uevent_helper': '/sbin/hotplug\n' })).to.deep.equal([]);
  });
  it('finds one that was put back since', () => {
    const name = '[root]/sys/kernel/uevent_helper';
    const looks = [{ [name]: '/tmp/x\n' }, { [name]: '\n' }];
    expect(judged(ueventHelper, bookOfLooks(looks).traces())).to.have.length(1);
  });
});
