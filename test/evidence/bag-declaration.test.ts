import { expect } from 'chai';
import {
  declarationText,
  formatBagInfo,
  parseDeclaration,
  parseOxum,
} from '../../src/evidence/bag-declaration.ts';

describe('bagit.txt', () => {
  for (const [text, expected] of [
    [declarationText, { version: '1.0', encoding: 'UTF-8' }],
    [
      'BagIt-Version: 0.97\r\nTag-File-Character-Encoding: ISO-8859-1\r\n',
      { version: '0.97', encoding: 'ISO-8859-1' },
    ],
    ['BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8', { version: '1.0', encoding: 'UTF-8' }],
    ['\ufeffBagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n', 'starts with a byte order mark'],
    ['BagIt-Version : 1.0\nTag-File-Character-Encoding: UTF-8\n', 'is not the two lines that declare a bag'],
    ['BagIt-Version: 1.0\n', 'is not the two lines that declare a bag'],
    [`${declarationText}Extra: line\n`, 'is not the two lines that declare a bag'],
    [
      'BagIt-Version: 1.1\nTag-File-Character-Encoding: UTF-8\n',
      'declares BagIt 1.1, which is not known here',
    ],
    [
      'BagIt-Version: 1.0\nTag-File-Character-Encoding: EBCDIC\n',
      'declares the encoding EBCDIC, which is not known here',
    ],
  ] as const)
    it(`${JSON.stringify(text)} gives ${JSON.stringify(expected)}`, () =>
      expect(parseDeclaration(Buffer.from(text))).to.deep.equal(expected));
});

describe('bag-info.txt', () => {
  for (const [text, expected] of [
    [
      formatBagInfo([
        ['A', 'b'],
        ['Payload-Oxum', '12.3'],
      ]),
      { bytes: 12, files: 3 },
    ],
    ['payload-oxum: 0.0\r\n', { bytes: 0, files: 0 }],
    ['Note: a\n Payload-Oxum: 1.1\nPayload-Oxum:\n\t12.3\n', { bytes: 12, files: 3 }],
    ['Payload-Oxum: 1.1\nPayload-Oxum: 1.2\n', 'has more than one Payload-Oxum'],
    ['Payload-Oxum: many\n', 'has a Payload-Oxum that is not two numbers'],
    ['Other: 1.2\n', undefined],
  ] as const)
    it(`${JSON.stringify(text)} gives ${JSON.stringify(expected)}`, () =>
      expect(parseOxum(text)).to.deep.equal(expected));

  it('takes time in proportion to a text, whatever stands in it', () => {
    const blanks = ' '.repeat(1_000_000);
    for (const text of [`Payload-Oxum: 1${blanks}x`, `Payload-Oxum${blanks}`, `Payload-Oxum:\n${blanks}`])
      parseOxum(text);
  }).timeout(5_000);
});
