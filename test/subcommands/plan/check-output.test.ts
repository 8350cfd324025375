import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import type { PlanProblem } from '../../../src/incident/plan/problem.ts';
import { readPlan } from '../../../src/incident/plan/read-plan.ts';
import { planCheck, verdictLine } from '../../../src/subcommands/plan/check-output.ts';
import { exampleDay, exampleText } from '../../incident/plan/plan-lab.ts';

const warning: PlanProblem = { line: 3, rule: 'x', message: 'y', severity: 'warning' };
const error: PlanProblem = { ...warning, column: 1, severity: 'error' };
const reading = readPlan(exampleText, 'x');

describe('planCheck', () => {
  it('is CLEAN, WEAK or BROKEN', () => {
    const line = (items: readonly PlanProblem[]): string =>
      verdictLine(planCheck('p.yaml', reading, items, exampleDay));
    expect(line([])).to.equal(
      'CLEAN   p.yaml: 17 people, 10 teams, 7 areas, 3 rotas, 3 severities, 3 lines, 7 escalation chains, 5 threats, 4 playbooks; rotas looked at until 2027-02-20',
    );
    expect(line([warning])).to.match(/^WEAK {3}p\.yaml: 1 warning; 17 people/);
    expect(line([warning, error, error])).to.match(/^BROKEN {3}p\.yaml: 2 errors and 1 warning; /);
    const nothing = planCheck('p.yaml', readPlan('', 'x'), [error], exampleDay);
    expect(verdictLine(nothing)).to.contain('1 error; 0 people, 0 teams');
  });

  it('is data by its schema', () => {
    const text = readFileSync(new URL('../../../schema/plan-check.json', import.meta.url), 'utf8');
    const validate = new Ajv2020({ strict: true, formats: { 'date-time': true } }).compile(
      JSON.parse(text) as object,
    );
    for (const items of [[], [warning, error]])
      expect(
        validate(JSON.parse(JSON.stringify(planCheck('p', reading, items, exampleDay)))),
        JSON.stringify(validate.errors),
      ).to.equal(true);
    expect(validate({ ...planCheck('p', reading, [], exampleDay), extra: 1 })).to.equal(false);
  });
});
