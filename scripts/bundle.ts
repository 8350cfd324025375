import { glob, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { root } from './job.ts';

/**
 * One CommonJS file of the program and what it needs, with its names and lines (stacks name our functions), without the space between
 * words. CommonJS, because a single-executable application of Node 22 takes nothing else with a code cache. Throws when its code is
 * not all ASCII: with one other character V8 holds all of its text in two bytes a character, in every command.
 */
export async function bundle(outfile: string, commit: string): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['bin/kubectl-ir.ts'],
    outfile,
    write: false,
    bundle: true,
    minifyWhitespace: true,
    lineLimit: 120,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    logLevel: 'warning',
    alias: { 'string-width': './scripts/width.cjs' },
    define: {
      'import.meta.url': '__moduleUrl',
      'import.meta.dirname': '__dirname',
      KUBECTL_IR_COMMIT: JSON.stringify(commit),
    },
    banner: { js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  await writeFile(outfile, inAscii(outputFiles[0]?.text ?? ''));
}

/** The licences at the end of a bundle lose the accents in their names; esbuild wrote the code in ASCII. */
function inAscii(text: string): string {
  const end = text.indexOf('/*! Bundled license information:');
  const [code, licences] = end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end)];
  const other = /\P{ASCII}/u.exec(code);
  if (other !== null) throw new Error(`the bundle holds ${JSON.stringify(other[0])} in its code`);
  return code + licences.normalize('NFKD').replaceAll(/\P{ASCII}/gu, '');
}

/** Files that the executable carries beside the bundle, by the name it asks for: the scripts that run on a node. */
export async function assets(): Promise<Record<string, string>> {
  const found: [string, string][] = [];
  for await (const path of glob('src/collector/scripts/*.sh', { cwd: root })) {
    found.push([`scripts/${basename(path)}`, join(root, path)]);
  }
  return Object.fromEntries(found.sort());
}
