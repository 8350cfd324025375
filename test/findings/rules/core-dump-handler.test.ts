import { expect } from 'chai';
import { coreDumpHandler } from '../../../src/findings/rules/core-dump-handler.ts';
import { seenBy } from '../traces-lab.ts';

describe('rule core-dump-handler', () => {
  it('finds a handler in a container', () => {
    expect(
      seenBy(coreDumpHandler, {
        '[root]/proc/sys/kernel/core_pattern': '|/var/lib/containerd/snapshots/3/fs/x %p\n',
      }),
    ).to.deep.equal(['critical: core dumps go to a program where others may write']);
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
