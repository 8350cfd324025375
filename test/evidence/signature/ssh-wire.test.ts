import { expect } from 'chai';
import {
  sshMpint,
  sshString,
  sshUint32,
  WireError,
  WireReader,
} from '../../../src/evidence/signature/ssh-wire.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('SSH wire format', () => {
  it('writes the examples of RFC 4251', () => {
    expect(sshUint32(699921578)).to.deep.equal(hex('29b7f4aa'));
    expect(sshString('testing')).to.deep.equal(hex('00000007 74657374696e67'));
    expect(sshMpint(hex('00'))).to.deep.equal(hex('00000000'));
    expect(sshMpint(hex('09a378f9b2e332a7'))).to.deep.equal(hex('00000008 09a378f9b2e332a7'));
    expect(sshMpint(hex('80'))).to.deep.equal(hex('00000002 0080'));
  });

  it('reads what it wrote, to the end', () => {
    const reader = new WireReader(Buffer.concat([sshUint32(7), sshString('a'), sshMpint(hex('0080'))]));
    expect([reader.uint32(), reader.text(), reader.mpint()]).to.deep.equal([7, 'a', hex('80')]);
    expect(reader.atEnd).to.equal(true);
    reader.end();
  });

  for (const [what, bytes, read] of [
    ['a length beyond the end', 'ffffffff 61', (reader: WireReader) => reader.string()],
    ['a negative number', '00000001 80', (reader: WireReader) => reader.mpint()],
    ['a number with needless zeros', '00000002 0001', (reader: WireReader) => reader.mpint()],
    ['bytes that follow', '00', (reader: WireReader) => reader.end()],
  ] as const)
    it(`refuses ${what}`, () => {
      expect(() => read(new WireReader(hex(bytes)))).to.throw(WireError);
    });
});
