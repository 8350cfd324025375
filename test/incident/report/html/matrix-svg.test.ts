import { expect } from 'chai';
import { matrixSvg } from '../../../../src/incident/report/html/matrix-svg.ts';

describe('matrixSvg', () => {
  it('has a row for each tactic, and further rows where one has many techniques', () => {
    const cell = {
      id: 'T1',
      name: 'a technique with a very long name indeed',
      count: 2,
      tone: 'bad',
    } as const;
    const text = matrixSvg({
      kind: 'matrix',
      title: 't',
      description: 'd',
      rows: [
        { tactic: 'Execution', cells: [cell, cell, cell, cell] },
        { tactic: 'Impact', cells: [{ ...cell, count: 1 }] },
      ],
    }).toString();
    const places = Array.from(
      text.matchAll(/<rect class="box bad" x="([^"]*)" y="([^"]*)"/g),
      ([, x, y]) => `${x ?? ''},${y ?? ''}`,
    );
    expect(places).to.deep.equal(['164,0', '362,0', '560,0', '164,44', '164,96']);
    expect(text).to.contain('>T1 (2)<').and.contain('>T1<').and.contain('a technique with a very long n…');
  });
});
