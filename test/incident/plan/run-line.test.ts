import { expect } from 'chai';
import { placeholdersOf, splitLine } from '../../../src/incident/plan/run-line.ts';

describe('splitLine', () => {
  it('parts words at blanks and keeps quoted ones together', () => {
    expect(splitLine('  isolate  pod/{{pod}}\t-n prod ')).to.deep.equal([
      'isolate',
      'pod/{{pod}}',
      '-n',
      'prod',
    ]);
    expect(splitLine(`case log "it's here" '' a'b c'd`)).to.deep.equal([
      'case',
      'log',
      "it's here",
      '',
      'ab cd',
    ]);
    expect(splitLine('a $HOME \\ `x`')).to.deep.equal(['a', '$HOME', '\\', '`x`']);
    expect(splitLine('')).to.deep.equal([]);
    expect(splitLine('case log "open')).to.equal(undefined);
  });
});

describe('placeholdersOf', () => {
  it('names what is between double braces', () => {
    expect(placeholdersOf('pod/{{pod}} -n {{ namespace }} {x} {{}} {{a{{node}}')).to.deep.equal([
      'pod',
      'namespace',
      '',
      'node',
    ]);
  });
});
