import { expect } from 'chai';
import { table } from '../../../../src/incident/report/document.ts';
import { blockMarkup } from '../../../../src/incident/report/html/block.ts';

describe('blockMarkup', () => {
  it('has a table with a caption, headers with a scope, and the name of its column in each cell', () => {
    const text = blockMarkup(table('C', ['A', 'B'], [['1', [{ code: '<x>' }]]])).toString();
    expect(text).to.equal(
      '<table><caption>C</caption><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead><tbody>' +
        '<tr><td data-label="A" class="short">1</td><td data-label="B" class="short"><code>&lt;x&gt;</code></td></tr>\n</tbody></table>',
    );
  });

  it('breaks long cells anywhere, counted as they are shown', () => {
    const cell = (text: string): string => blockMarkup(table('C', ['A'], [[text]])).toString();
    expect(cell('a'.repeat(17))).not.to.contain('short');
    expect(cell('\u202e'.repeat(2))).not.to.contain('short');
  });

  it('puts each command on a line of its own', () => {
    expect(blockMarkup({ kind: 'commands', lines: ['a', 'b\nc'] }).toString()).to.equal(
      '<pre><code>a\nb\\x0ac</code></pre>',
    );
  });

  it('says by words what its colour says', () => {
    expect(
      blockMarkup({
        kind: 'verdict',
        word: 'LEAKS',
        tone: 'bad',
        text: [{ tag: 'HIGH', tone: 'bad' }],
      }).toString(),
    ).to.equal('<p class="verdict bad"><strong>LEAKS</strong><span class="tag bad">HIGH</span></p>');
  });
});
