import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cache, interruptSignal, root, runJob, show } from './job.ts';
import { lintKeys } from './lint-keys.ts';

/**
 * `lint.ts [--all]`: ESLint, without the files that passed before and for which nothing changed since: neither they nor
 * what they import. ESLint's own cache looks at a file alone, but typed rules see what it imports too.
 */
const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } });
const passedFile = join(cache, 'lint-passed.json');
process.exitCode = 1;
const signal = interruptSignal();
const keys = await currentKeys();
const passed = values.all ? {} : await readPassed();
const changed = [...keys].filter(([path, key]) => passed[path] !== key).map(([path]) => path);
const code = changed.length === 0 ? 0 : await lint(changed.length === keys.size ? ['.'] : changed);
if (code === 0) {
  await mkdir(cache, { recursive: true });
  await writeFile(passedFile, JSON.stringify(Object.fromEntries(keys)));
}
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

/** What passed, by the key that it had; nothing when there is no record of it. */
async function readPassed(): Promise<Partial<Record<string, string>>> {
  const text = await readFile(passedFile, 'utf8').catch(() => '{}');
  try {
    return JSON.parse(text) as Partial<Record<string, string>>;
  } catch {
    return {};
  }
}
