import { expect } from 'chai';
import fc from 'fast-check';
import { renderTable } from '../../src/output/table.ts';
import { anyText } from '../support/any-text.ts';

describe('renderTable', () => {
  it('has upper-case headers, three-space gutters and nothing after the last column', () => {
    const text = renderTable(
      ['NAME', 'AGE'],
      [
        ['web', '5m12s'],
        ['a-longer-name', ''],
      ],
    );
    expect(text).to.equal('NAME            AGE\nweb             5m12s\na-longer-name');
  });

  it('is only the header without rows', () => expect(renderTable(['A', 'B'], [])).to.equal('A   B'));

  it('never cuts a wide cell', () => {
    expect(renderTable(['A', 'B'], [['日本語日本語', 'x']])).to.include('日本語日本語   x');
  });

  it('lays out plain rows like those that are not', () => {
    const rows = [
      ['\u00e9', '', 'x'],
      ['plain', '', 'x'],
    ];
    expect(renderTable(['A', 'B', 'C'], rows)).to.equal('A       B   C\n\u00e9           x\nplain       x');
  });

  it('makes one line of every row, whatever it holds', () => {
    const cell = anyText();
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 20 }), (rows) => {
        const lines = renderTable(['A', 'B'], rows).split('\n');
        return lines.length === rows.length + 1 && lines.every((line) => !/\p{Cc}|\p{Cf}/u.test(line));
      }),
    );
  });

  it('lays out many rows alike and in bearable time', () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => [`row ${i % 1000}`, 'x']);
    const lines = renderTable(['NAMES', 'B'], rows).split('\n');
    expect(lines).to.have.length(20_001);
    expect(new Set(lines.map((line) => line.indexOf('x'))).size).to.equal(2);
  });
});
