import { expect } from 'chai';
import { parseDescriptorMounts } from '../../src/artifacts/descriptor-mounts.ts';
import { survivesHostileBytes } from './hostile.ts';

describe('mounts of descriptors', () => {
  it('are read line by line', () => {
    const text = '17/fdinfo/3:mnt_id:\t25\n18/fdinfo/0:mnt_id:\t9\n';
    expect([...parseDescriptorMounts(Buffer.from(text))]).to.deep.equal([
      { pid: 17, descriptor: 3, mount: 25 },
      { pid: 18, descriptor: 0, mount: 9 },
    ]);
  });
  it('that are none are told, and the others read', () => {
    const text = '17/fd/3:mnt_id:\t25\n17/fdinfo/3:mnt_id:\tx\n1/fdinfo/1:mnt_id:\t2';
    expect([...parseDescriptorMounts(Buffer.from(text))]).to.deep.equal([
      { malformed: 'no line of the mounts of descriptors', offset: 0 },
      { malformed: 'no line of the mounts of descriptors', offset: 19 },
      { pid: 1, descriptor: 1, mount: 2 },
    ]);
  });

  it('lives through hostile bytes', () => {
    survivesHostileBytes(parseDescriptorMounts, '17/fdinfo/3:mnt_id:\t25\n18/fdinfo/0:mnt_id:\t9\n');
  });
});
