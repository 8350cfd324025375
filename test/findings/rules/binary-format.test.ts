import { expect } from 'chai';
import { binaryFormat } from '../../../src/findings/rules/binary-format.ts';
import { seenBy } from '../traces-lab.ts';

describe('rule binary-format', () => {
  it('finds an interpreter where others may write', () => {
    expect(
      seenBy(binaryFormat, {
        '[root]/proc/sys/fs/binfmt_misc/x': 'enabled\ninterpreter /dev/shm/i\nflags: OC\n',
      }),
    ).to.deep.equal(['high: it is registered, with the rights of the file']);
  });
  it('leaves emulators alone, and what is switched off', () => {
    expect(
      seenBy(binaryFormat, {
        '[root]/proc/sys/fs/binfmt_misc/qemu-arm':
          'enabled\ninterpreter /usr/bin/qemu-arm-static\nflags: POCF\n',
        '[root]/proc/sys/fs/binfmt_misc/y': 'disabled\ninterpreter /tmp/y\n',
      }),
    ).to.deep.equal([]);
  });
});
