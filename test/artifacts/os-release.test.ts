import { expect } from 'chai';
import { parseOsRelease } from '../../src/artifacts/os-release.ts';
import { survivesHostileBytes, survivesLongLines } from './hostile.ts';

describe('parseOsRelease', () => {
  it('undoes quotes and skips what is no assignment', () => {
    const text = `PRETTY_NAME="Debian GNU/Linux 12 (\\"bookworm\\")"
ID=debian
# ID=evil
NAME='single $x'
export X=1
VERSION_ID="12"
VERSION_ID="13"
`;
    expect(Object.fromEntries(parseOsRelease(Buffer.from(text)))).to.deep.equal({
      PRETTY_NAME: 'Debian GNU/Linux 12 ("bookworm")',
      ID: 'debian',
      NAME: 'single $x',
      VERSION_ID: '13',
    });
  });

  it('takes no bytes for an empty file', () => {
    expect(parseOsRelease(Buffer.alloc(0)).size).to.equal(0);
  });

  it('lives through hostile bytes and long lines', () => {
    const parse = (bytes: Buffer): object[] => [...parseOsRelease(bytes)].map(([name]) => ({ name }));
    survivesHostileBytes(parse, 'ID=debian\nPRETTY_NAME="a \\"b\\""\nNAME=\'x\'\n');
    survivesLongLines(parse, 'ID="', "ID='", 'ID=');
  });
});
