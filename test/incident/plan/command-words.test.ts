import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  commandText,
  fillWords,
  placeholdersIn,
  splitWords,
} from '../../../src/incident/plan/command-words.ts';

describe('words of a command line', () => {
  for (const [line, words] of [
    ['', []],
    ['  isolate   pod/web\n', ['isolate', 'pod/web']],
    [`a 'b c' "d e" f\\ g`, ['a', 'b c', 'd e', 'f g']],
    [`'' ""`, ['', '']],
    [`--why="it's bad" x'y'z`, ["--why=it's bad", 'xyz']],
    [`"a \\"b\\" \\\\ \\n"`, ['a "b" \\ \\n']],
    [
      'a;b | c && $(d) `e` $HOME * > f #g',
      ['a;b', '|', 'c', '&&', '$(d)', '`e`', '$HOME', '*', '>', 'f', '#g'],
    ],
  ] as const)
    it(`of ${JSON.stringify(line)}`, () => expect(splitWords(line)).to.deep.equal(words));

  for (const line of [`a 'b`, `a "b`, 'a \\', `a "b\\"`, `a'b`])
    it(`are none of ${JSON.stringify(line)}, which has no end`, () => {
      expect(splitWords(line)).to.be.a('string').that.contains('has no end');
    });

  it('are those that were written as a command, whatever is in them; a shell thinks so too', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', ' ', "'", '"', '\\', '$', '`', '{', '-', ';', '*', '\n', 'ü'),
    });
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(splitWords(commandText(words))).to.deep.equal(words);
      }),
    );
    const hostile = [`'; rm -rf $HOME #`, '$(id)', '', '-n', 'a\nb', '\\'];
    const said = execFileSync('sh', ['-c', `printf '%s\\0' ${commandText(hostile)}`], { encoding: 'utf8' });
    expect(said.split('\0').slice(0, -1)).to.deep.equal(hostile);
  });

  it('are read in time that grows with the line', () => {
    const began = performance.now();
    for (const part of ['"\\', `'a'`, '\\\\', '"a" ', '\\"'])
      expect(splitWords(part.repeat(50_000))).to.be.ok;
    expect(performance.now() - began).to.be.below(5000);
  });
});

describe('placeholders', () => {
  it('are named once each, also those that nobody knows', () => {
    expect(
      placeholdersIn(['pod/{{pod}}', '-n', '{{ namespace }}', '{{pod}}', '{{shell}}', '{pod}']),
    ).to.deep.equal(['pod', 'namespace', 'shell']);
  });

  it('are filled inside their word and never make another one', () => {
    fc.assert(
      fc.property(fc.string(), (pod) => {
        expect(fillWords(['isolate', 'pod/{{pod}}', '{{node}}'], { pod })).to.deep.equal([
          'isolate',
          `pod/${pod}`,
          '{{node}}',
        ]);
      }),
    );
    expect(fillWords(['{{pod}}'], { pod: '{{node}} $&', node: 'x' })).to.deep.equal(['{{node}} $&']);
    expect(fillWords(['{{toString}}{{__proto__}}'], {})).to.deep.equal(['{{toString}}{{__proto__}}']);
  });
});
