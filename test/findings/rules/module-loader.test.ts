import { expect } from 'chai';
import { moduleLoader } from '../../../src/findings/rules/module-loader.ts';
import { bookOfLooks, judged, seenBy } from '../traces-lab.ts';

describe('rule module-loader', () => {
  it('finds a loader where others may write', () => {
    expect(seenBy(moduleLoader, { '[root]/proc/sys/kernel/modprobe': '/tmp/x\n' })).to.deep.equal([
      'critical: it is a program where others may write',
    ]);
  });
  it('doubts one elsewhere', () => {
    expect(
      seenBy(moduleLoader, { '[root]/proc/sys/kernel/modprobe': '/nix/store/kmod/bin/modprobe\n' }),
    ).to.deep.equal(['medium: it is a program that no common distribution has there']);
  });
  it('leaves the usual one alone', () => {
    expect(seenBy(moduleLoader, { '[root]/proc/sys/kernel/modprobe': '/usr/sbin/modprobe\n' })).to.deep.equal(
      [],
    );
  });
  it('finds one that was put back since', () => {
    const name = '[root]/proc/sys/kernel/modprobe';
    const looks = [{ [name]: '/tmp/x\n' }, { [name]: '/sbin/modprobe\n' }];
    expect(judged(moduleLoader, bookOfLooks(looks).traces())).to.have.length(1);
  });
});
