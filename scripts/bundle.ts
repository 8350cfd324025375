import { glob } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { root } from './job.ts';

/**
 * One CommonJS file of the program and what it needs, readable (stacks name our functions). CommonJS, because a
 * single-executable application of Node 22 takes nothing else with a code cache.
 */
export async function bundle(outfile: string, commit: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['bin/kubectl-ir.ts'],
    outfile,
    bundle: true,
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
}

/** Files that the executable carries beside the bundle, by the name it asks for: the scripts that run on a node. */
export async function assets(): Promise<Record<string, string>> {
  const found: [string, string][] = [];
  for await (const path of glob('src/collector/scripts/*.sh', { cwd: root })) {
    found.push([`scripts/${basename(path)}`, join(root, path)]);
  }
  return Object.fromEntries(found.sort());
}
