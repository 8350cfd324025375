import { expect } from 'chai';
import fc from 'fast-check';
import { readPlan } from '../../../src/incident/plan/read-plan.ts';
import { amountOf } from '../../support/amounts.ts';
import { checkText, exampleText } from './plan-lab.ts';

const head =
  'apiVersion: kubectl-ir/v1\nkind: Plan\norganisation: Example\nreview: {last: 2026-11-01, everyDays: 90}\n';
const jane = 'people:\n  - id: jane\n    name: Jane Roe\n    reach:\n      - {by: phone, at: "+43 1 234"}\n';

/** Line and message of each problem. */
function problemsOf(text: string): string[] {
  return readPlan(text, 'ir-plan.yaml').problems.map(({ line, message }) => `${line}: ${message}`);
}

describe('readPlan', () => {
  it('reads a plan, says where its parts stand, and counts missing lists as empty', () => {
    const { plan, problems, lineOf } = readPlan(head + jane, 'ir-plan.yaml');
    expect(problems).to.deep.equal([]);
    expect(plan?.people[0]).to.deep.equal({
      id: 'jane',
      name: 'Jane Roe',
      reach: [{ by: 'phone', at: '+43 1 234' }],
    });
    expect(plan?.escalation).to.deep.equal([]);
    expect(lineOf(['people', 'jane', 'reach', 0, 'at'])).to.equal(9);
    expect(lineOf(['people', 0])).to.equal(6);
    expect(lineOf(['people', 'nobody', 'name'])).to.equal(5);
    expect(lineOf(['threats'])).to.equal(1);
  });

  it('leaves out what is wrong and keeps the rest, also where lines no longer are in step with the lists', () => {
    const text = `${head}${jane}  - id: joe\n    name: Joe\n    timeZone: Europe/Viena\n  - id: max\n    name: Max\nrewiev: 1\n`;
    const { plan, problems, lineOf } = readPlan(text, 'ir-plan.yaml');
    expect(plan?.people.map(({ id }) => id)).to.deep.equal(['jane', 'max']);
    expect(lineOf(['people', 1])).to.equal(13);
    expect(problems.map(({ line, column, rule }) => [line, column, rule])).to.deep.equal([
      [12, 15, 'value'],
      [15, 1, 'unknown-key'],
    ]);
    expect(problems[0]?.message).to.equal(
      'people.joe.timeZone: "Europe/Viena" is not a time zone such as Europe/Vienna; nearest: Europe/Vienna',
    );
    expect(problems[1]?.message).to.equal('unknown key "rewiev"; nearest: review');
  });

  it('can be used without a review and without people, but not as something else', () => {
    const other = readPlan('apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n', 'pod.yaml');
    expect(other.plan).to.equal(undefined);
    expect(other.problems[0]).to.include({ line: 1, rule: 'missing-key' });
    const bare = readPlan('apiVersion: kubectl-ir/v1\nkind: Plan\norganisation: Example\n', 'ir-plan.yaml');
    expect(bare.plan).to.include({ organisation: 'Example' }).and.not.have.property('review');
    expect(bare.problems.map(({ message }) => message.replace(/:.*/, ''))).to.deep.equal([
      'needs review',
      'needs people',
    ]);
  });

  it('reads YAML 1.2 whatever the file declares, and has no merge keys', () => {
    expect(problemsOf(`%YAML 1.1\n---\n${head}${jane}<<: {teams: []}\n`)).to.deep.equal([
      '12: merge keys (<<) are not read; write the keys out',
    ]);
    expect(problemsOf(`${head}people: !!js/function x\n`)[0]).to.match(/^5: Unresolved tag/);
  });

  it('says what is wrong with a file that is no YAML, no single document, or nothing', () => {
    expect(problemsOf('')).to.have.length(1);
    expect(problemsOf('~\n')).to.deep.equal(['1: nothing stands here; it has to be keys with values']);
    expect(problemsOf(`${head}---\n${head}`)).to.deep.equal([
      '5: there is a second document in the file; a plan is one',
    ]);
    expect(problemsOf(`${head}people: [\n`)[0]).to.match(/^6: Flow sequence/);
    expect(problemsOf('- a: b: c\n'.repeat(1000))).to.have.length(20);
  });

  it('withstands nesting, aliases and sizes that would fill the memory', () => {
    const laugh = Array.from(
      'bcdefghij',
      (name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[i]}`).join()}]`,
    );
    expect(problemsOf(`${head}a: &a [x]\n${laugh.join('\n')}\n`)).to.deep.equal([
      '6: aliases stand for more than a plan can hold',
    ]);
    expect(problemsOf(`${head}people: &p [*p]\n`)).to.deep.equal([
      '5: people.#1: a list stands here; it has to be keys with values',
    ]);
    expect(problemsOf(`${head}people: *p\n`)).to.deep.equal([
      '5: *p stands for nothing; there is no &p before it',
    ]);
    expect(problemsOf(`${head}people: &p []\nteams: [${'*p, '.repeat(1001)}]\n`)).to.have.length(1);
    for (const deep of ['[', '{a: ', '- ', '? '])
      expect(problemsOf(deep.repeat(20_000))).to.deep.equal([
        '1: nested deeper than 40 levels; a plan needs 7',
      ]);
    expect(problemsOf(`# ${'x'.repeat(10 * 1024 * 1024)}`)).to.deep.equal([
      '1: the file is larger than 1024 KiB; a plan is text that people read',
    ]);
  });

  it('takes any text: it has problems where it gives no plan, and lines that the text has', () => {
    const at = fc.integer({ min: 0, max: exampleText.length });
    const piece = fc.oneof(
      fc.constantFrom('[', '{', '- ', ': ', '*a', '&a ', '\n', '\t', '"', '\u0000', '\u202e', '<<: '),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(at, fc.nat(20), piece), { maxLength: 4 }), (edits) => {
        const text = edits.reduce(
          (so, [i, cut, put]) => so.slice(0, i) + put + so.slice(i + cut),
          exampleText,
        );
        const lines = text.split('\n').length;
        const { plan, problems } = readPlan(text, 'x');
        expect(plan !== undefined || problems.length > 0).to.equal(true);
        for (const { line, message } of checkText(text)) {
          expect(line).to.be.within(1, lines);
          expect(message.length).to.be.below(1000);
        }
        expect(problems.every(({ line }) => line >= 1 && line <= lines)).to.equal(true);
      }),
      { numRuns: amountOf('editedPlans') },
    );
  });
});
