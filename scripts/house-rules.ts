import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import descriptor from '../package.json' with { type: 'json' };
import { registry } from '../src/registry.ts';
import { globalFlags } from '../src/subcommands/global-flags.ts';
import { ownPaths } from './files.ts';
import { root, say } from './job.ts';
import { artifactFindings, renderArtifacts } from './rules/artifacts.ts';
import { descriptorFindings, renderDescriptor } from './rules/descriptor.ts';
import { type Finding, findingLine, type SourceFile } from './rules/finding.ts';
import { arrowFindings, cycleFindings, importsOf } from './rules/imports.ts';
import { placeFindings } from './rules/places.ts';
import { planSchemaFindings, renderPlanSchema } from './rules/plan-schema.ts';
import { purityFindings } from './rules/purity.ts';
import { renderRules, ruleDocFindings } from './rules/rule-docs.ts';
import { testFindings } from './rules/tests.ts';
import { textFindings } from './rules/text.ts';

/**
 * `house-rules.ts [--write]`: the rules of the project that no linter knows; one line `file:line: rule: text` for each
 * place that breaks one, exit code 1 when there is any. `--write` writes plugin.yaml, docs/artifacts.md,
 * docs/findings.md and schema/plan.json anew first.
 */
const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
process.exitCode = 1;
const files = await projectFiles();
const findings = [
  ...fileFindings(files),
  ...(await checkDescriptor()),
  ...(await checkArtifacts()),
  ...(await checkRules()),
  ...(await checkPlanSchema()),
];
for (const finding of findings) await say(findingLine(finding));
process.exitCode = findings.length === 0 ? 0 : 1;

function fileFindings(all: readonly SourceFile[]): Finding[] {
  const code = all.filter(({ path }) => /\.(?:ts|sh)$/.test(path));
  const imports = code.filter(({ path }) => path.endsWith('.ts')).flatMap(importsOf);
  return [
    ...code.flatMap(textFindings),
    ...all.flatMap(placeFindings),
    ...arrowFindings(imports),
    ...cycleFindings(imports),
    ...purityFindings(code, imports),
    ...testFindings(code),
  ];
}

/** Our text files; lock files and sums are not ours. */
async function projectFiles(): Promise<SourceFile[]> {
  const paths = (await ownPaths()).filter((path) => /\.(?:ts|js|cjs|sh|json|ya?ml|md)$|\/run$/.test(path));
  const read = paths
    .filter((path) => path !== 'package-lock.json')
    .map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8').catch(() => undefined) }));
  return (await Promise.all(read)).flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }]));
}

async function checkDescriptor(): Promise<Finding[]> {
  const commands = await Promise.all(
    registry.map(async (entry) => ({ entry, flags: (await entry.load()).command.flags })),
  );
  const expected = renderDescriptor(commands, globalFlags, descriptor.description);
  const path = join(root, 'plugin.yaml');
  if (values.write) await writeFile(path, expected);
  return descriptorFindings(await readFile(path, 'utf8').catch(() => ''), expected);
}

async function checkArtifacts(): Promise<Finding[]> {
  const expected = renderArtifacts();
  const path = join(root, 'docs/artifacts.md');
  if (values.write) await writeFile(path, expected);
  return artifactFindings(await readFile(path, 'utf8').catch(() => ''), expected);
}

async function checkRules(): Promise<Finding[]> {
  const expected = renderRules();
  const path = join(root, 'docs/findings.md');
  if (values.write) await writeFile(path, expected);
  return ruleDocFindings(await readFile(path, 'utf8').catch(() => ''), expected);
}

async function checkPlanSchema(): Promise<Finding[]> {
  const path = join(root, 'schema/plan.json');
  if (values.write) await writeFile(path, await renderPlanSchema());
  return planSchemaFindings(await readFile(path, 'utf8').catch(() => ''));
}
