import { expect } from 'chai';
import fc from 'fast-check';
import { readPlan } from '../../../src/incident/plan/read-plan.ts';
import { soundPlan } from '../../../src/incident/plan/sound-plan.ts';
import { exampleText } from './plan-lab.ts';

const head =
  'apiVersion: kubectl-ir/v1\nkind: Plan\norganisation: x\nreview: { last: 2026-11-01, everyDays: 9 }\n';

describe('soundPlan', () => {
  it('gives the plan that the reader with lines gives', () => {
    const { plan, problems } = readPlan(exampleText, 'x');
    expect(problems).to.deep.equal([]);
    expect(soundPlan(exampleText)).to.deep.equal(plan);
  });

  it('has lists that are missing as empty ones', () => {
    const text = `${head}people: [{ id: a, name: A }]\n`;
    expect(soundPlan(text)).to.deep.equal(readPlan(text, 'x').plan);
    expect(soundPlan(text)?.people[0]?.reach).to.deep.equal([]);
  });

  it('gives no plan where there is something to say of the text', () => {
    const person = '{ id: a, name: A }';
    const rota = (rest: string): string =>
      `${head}people: [${person}]\nrotas: [{ id: r, name: R, timeZone: UTC, ${rest} }]\n`;
    const layer = 'people: [a], start: 2026-01-05, handover: "09:00", turnDays: 7';
    for (const text of [
      '',
      '{',
      '[]',
      'null',
      head,
      `${head}people: []\n---\n${head}people: []\n`,
      `${head}people:\n`,
      `${head}people: [${person}]\nsecrets: 1\n`,
      `${head}people: [${person}]\n__proto__: { kind: x }\n`,
      `${head}people: [${person}]\npeople: []\n`,
      `${head}people: [${person}, ${person}]\n`,
      `${head}people: [{ id: "a b", name: A }]\n`,
      `${head}people: [{ id: a, name: 1 }]\n`,
      `${head}people: [{ id: a }]\n`,
      `${head}people: [&a ${person}, *a]\n`,
      `${head}people: [${person}]\nreview: 1\n`,
      rota(''),
      rota('layers: [], calendar: x'),
      rota(`layers: [{ ${layer}, from: "08:00" }]`),
      rota(`layers: [{ ${layer}, from: "08:00", to: "08:00" }]`).replace('turnDays: 7', 'turnDays: 0'),
      rota(
        `layers: [{ ${layer} }], overrides: [{ person: a, from: 2026-01-02T00:00, to: 2026-01-01T00:00 }]`,
      ),
      '['.repeat(100_000),
    ])
      expect(soundPlan(text), text.slice(-200)).to.equal(undefined);
    expect(soundPlan(rota(`layers: [{ ${layer} }]`))).to.not.equal(undefined);
  });

  it('never accepts what the reader with lines does not, whatever is done to the example', () => {
    const lines = exampleText.split('\n');
    const change = fc.record({
      line: fc.nat(lines.length - 1),
      kind: fc.constantFrom('drop', 'double', 'indent', 'replace'),
      at: fc.nat(60),
      text: fc.constantFrom(
        'x',
        '"',
        ':',
        '{',
        ']',
        '-',
        '1',
        '~',
        '!!int ',
        '0x1F',
        '012',
        'true',
        '#',
        '\t',
        '  ',
      ),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const changed = [...lines];
        for (const { line, kind, at, text } of changes) {
          const before = changed[line] ?? '';
          if (kind === 'drop') changed.splice(line, 1);
          else if (kind === 'double') changed.splice(line, 0, before);
          else if (kind === 'indent') changed[line] = ` ${before}`;
          else changed[line] = before.slice(0, at) + text + before.slice(at + text.length);
        }
        const text = changed.join('\n');
        const quick = soundPlan(text);
        if (quick === undefined) return;
        const { plan, problems } = readPlan(text, 'x');
        expect(problems).to.deep.equal([]);
        expect(quick).to.deep.equal(plan);
      }),
      { numRuns: 60 },
    );
  }).timeout(60_000);
});
