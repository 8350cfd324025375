import { expect } from 'chai';
import { byteOrderOf } from '../../src/artifacts/byte-order.ts';

describe('byteOrderOf', () => {
  it('knows the one big-endian architecture of Kubernetes, and takes others for little-endian', () => {
    const order = (text: string): string => byteOrderOf(Buffer.from(text));
    expect(order('vendor_id       : IBM/S390\n# processors    : 2\n')).to.equal('big');
    expect(order('processor\t: 0\nvendor_id\t: GenuineIntel\n')).to.equal('little');
    expect(order('processor\t: 0\nBogoMIPS\t: 50.00\n')).to.equal('little');
    expect(order('model name : vendor_id : IBM/S390\n')).to.equal('little');
    expect(order('')).to.equal('little');
  });
});
