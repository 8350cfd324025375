import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { interruptSignal, root, runJob, show } from './job.ts';
import { lintKeys } from './lint-keys.ts';
import { changedSince, readPassed, writePassed } from './passed.ts';

/**
 * `lint.ts [--all]`: ESLint, without the files that passed before and for which nothing changed since: neither they nor
 * what they import. ESLint's own cache looks at a file alone, but typed rules see what it imports too.
 */
const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } });
process.exitCode = 1;
const signal = interruptSignal();
const keys = await currentKeys();
const changed = changedSince(keys, values.all ? {} : await readPassed('eslint'));
const code = changed.length === 0 ? 0 : await lint(changed.length === keys.size ? ['.'] : changed);
if (code === 0) await writePassed('eslint', keys);
process.exitCode = code;

async function lint(paths: readonly string[]): Promise<number> {
  const { code, output } = await runJob({
    program: join(root, 'node_modules/.bin/eslint'),
    args: ['--max-warnings=0', '--no-warn-ignored', ...paths],
    signal,
  });
  await show(output);
  return code;
}

/** The keys of all code, by its path. */
async function currentKeys(): Promise<Map<string, string>> {
  const files = [];
  const ours = (path: string): boolean => !/^(?:node_modules|dist|coverage)(?:\/|$)/.test(path);
  for await (const path of glob('**/*.{ts,js,cjs,mjs,json}', { cwd: root, exclude: (each) => !ours(each) }))
    if (ours(path)) files.push({ path, text: await readFile(join(root, path), 'utf8') });
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const all = ['package-lock.json', 'tsconfig.json', 'eslint.config.js'];
  const texts = files.filter(({ path }) => all.includes(path)).map(({ text }) => text);
  const found = lintKeys(files, [process.version, ...texts].join('\0'));
  return new Map([...found].filter(([path]) => !path.endsWith('.json')));
}
