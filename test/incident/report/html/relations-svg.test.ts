import { expect } from 'chai';
import { relationsSvg } from '../../../../src/incident/report/html/relations-svg.ts';

describe('relationsSvg', () => {
  it('has a box for each, and a line between those that belong together', () => {
    const node = { kind: 'pod', name: 'web', tone: 'good' } as const;
    const text = relationsSvg({
      kind: 'relations',
      title: 't',
      description: 'd',
      nodes: [
        { ...node, id: 'a', column: 0 },
        { ...node, id: 'b', column: 1 },
        { ...node, id: 'c', column: 1 },
      ],
      edges: [
        { from: 'a', to: 'b', text: 'owns' },
        { from: 'a', to: 'nobody', text: 'owns' },
      ],
    }).toString();
    expect(text.match(/<rect class="box good"/g)).to.have.length(3);
    expect(text.match(/<path class="edge"/g)).to.have.length(1);
    expect(text).to.contain('viewBox="0 0 760 102"').and.not.contain('NaN');
  });
});
