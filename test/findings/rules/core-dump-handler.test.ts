import { expect } from 'chai';
import { coreDumpHandler } from '../../../src/findings/rules/core-dump-handler.ts';
import { bookOfLooks, judged, seenBy } from '../traces-lab.ts';

describe('rule core-dump-handler', () => {
  it('finds a handler in a container', () => {
    expect(
      seenBy(coreDumpHandler, {
        '[root]/proc/sys/kernel/core_pattern': '|/var/lib/containerd/snapshots/3/fs/x %p\n',
      }),
    ).to.deep.equal(['critical: core dumps go to a program where others may write']);
  });
  it('finds a program of the system that is given a file of others, and one that was put back since', () => {
    const name = '[root]/proc/sys/kernel/core_pattern';
    const critical = 'critical: core dumps go to a program where others may write';
    for (const handler of ['|/bin/sh /tmp/x %p', '|/usr/share/apport/apport --to=//tmp/x'])
      expect(seenBy(coreDumpHandler, { [name]: handler }), handler).to.deep.equal([critical]);
    const looks = [{ [name]: '|/tmp/x\n' }, { [name]: 'core\n' }];
    const found = judged(coreDumpHandler, bookOfLooks(looks).traces());
    expect(found.map(({ subject }) => subject.path)).to.deep.equal(['/tmp/x']);
  });
  it('doubts one that nobody knows', () => {
    expect(
      seenBy(coreDumpHandler, { '[root]/proc/sys/kernel/core_pattern': '|/opt/crash/handler\n' }),
    ).to.deep.equal(['medium: core dumps go to a program that no distribution installs']);
  });
  it('leaves that of systemd alone', () => {
    expect(
      seenBy(coreDumpHandler, {
        '[root]/proc/sys/kernel/core_pattern': '|/usr/lib/systemd/systemd-coredump %P\n',
      }),
    ).to.deep.equal([]);
  });
});
