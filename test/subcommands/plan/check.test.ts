import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { main } from '../../../src/cli.ts';
import { UsageError } from '../../../src/output/errors.ts';
import { command } from '../../../src/subcommands/plan/check.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { exampleText, mutated } from '../../incident/plan/plan-lab.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';

const example = new URL('../../../docs/ir-plan.example.yaml', import.meta.url).pathname;
const signals = {
  onInterrupt: () => () => undefined,
  onCrash: () => () => undefined,
  exitNow: () => undefined,
};

/** Runs the whole program, so that playbooks are judged by the commands that there are. */
async function check(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = memoryIo();
  const code = await main(['plan', 'check', ...words], io, signals);
  return { code, out: io.out(), err: io.err() };
}

describe('plan check', () => {
  it('finds the example clean, by all commands of the program', async () => {
    const { code, out, err } = await check(example);
    expect(out).to.match(/^CLEAN {3}\S+ir-plan\.example\.yaml: 17 people/);
    expect([code, err]).to.deep.equal([0, '']);
  });

  it('prints one line for each, with file, line and column, and exits 3 for warnings and 4 for errors', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'p.yaml');
      await writeFile(path, mutated('everyDays: 90', 'everyDays: 5'));
      const weak = await check('--plan', path);
      expect(weak.out.split('\n')[0]).to.match(
        /p\.yaml:13: warning: review\.last: last reviewed on .* \[review-overdue\]$/,
      );
      expect(weak.code).to.equal(3);
      await writeFile(path, mutated('likelihood: low', 'likelihood: rare'));
      const broken = await check(path);
      expect(broken.out.split('\n')[0]).to.match(
        /p\.yaml:\d+:17: error: threats\.container-escape\.likelihood: .* \[value\]$/,
      );
      expect(broken.code).to.equal(4);
      const json = await check(path, '-o', 'json');
      expect(JSON.parse(json.out)).to.include({
        kind: 'PlanCheck',
        verdict: 'BROKEN',
        errors: 1,
        warnings: 0,
      });
      expect(json.code).to.equal(4);
    }));

  it('lets nothing of the file steer the terminal', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'p.yaml');
      const hostile = '\\e[2J\\u202egnp\\u2028\\a';
      await writeFile(
        path,
        exampleText
          .replace('primary: person/nadia', `primary: "person/${hostile}"`)
          .replace("      - { by: chat, at: '@hugh' }\n", '')
          .replace('name: Hugh Carrow', `name: "${hostile}"`)
          .replace('kind: Plan', `kind: Plan\n"${hostile}": 1`),
      );
      for (const output of [[], ['-o', 'json'], ['-o', 'yaml']]) {
        const { code, out } = await check(path, ...output);
        expect(code).to.equal(4);
        for (const character of ['\u001b', '\u202e', '\u2028', '\u0007'])
          expect(out).to.not.contain(character);
        expect(out).to.match(/x1b|u001b|\\e/);
      }
    }));

  it('cannot read what is not there, and takes one file', async () => {
    const { code, err } = await check('/nonexistent/ir-plan.yaml');
    expect(code).to.equal(1);
    expect(err).to.contain('reading the plan /nonexistent/ir-plan.yaml: there is no such file');
    const context = { io: memoryIo(), global: {}, signal: new AbortController().signal };
    for (const [words, flags] of [
      [['a', 'b'], {}],
      [['a'], { plan: 'b' }],
    ] as const)
      expect(await failureOf(command.start(words, flags, context))).to.be.instanceOf(UsageError);
  });
});
