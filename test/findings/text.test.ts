import { expect } from 'chai';
import { bytesOfText, linesOfText } from '../../src/findings/text.ts';

describe('text of small files', () => {
  it('keeps every byte', () => {
    expect(linesOfText(Buffer.from([0xff, 0x0a, 0x0a, 0x61]))).to.deep.equal(['\u00ff', 'a']);
    expect(bytesOfText('\u00ff')).to.deep.equal(Buffer.from([0xff]));
  });
});
