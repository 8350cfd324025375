import { expect } from 'chai';
import { artifactFindings, renderArtifacts } from '../../scripts/rules/artifacts.ts';

describe('docs/artifacts.md', () => {
  it('has every artifact on a line of its tier', () => {
    const text = renderArtifacts();
    expect(text).to.match(/\n## Sessions\n\n[^#]*\n\| login records \| `\/run\/utmp` [^\n]* \| utmp \|/);
  });

  it('is told when it is not what the catalogue says', () => {
    expect(artifactFindings('a\nb\n', 'a\nb\n')).to.deep.equal([]);
    expect(artifactFindings('a\nx\n', 'a\nb\n')).to.have.length(1).and.to.have.nested.property('[0].line', 2);
  });
});
