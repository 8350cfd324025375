import { readFileSync } from 'node:fs';
import { getAsset, isSea } from 'node:sea';
import type { ScriptName } from './collector.ts';
import type { Script } from './script.ts';

/**
 * Text of `scripts/NAME.sh`: an asset of that name in the packaged executable, else the file beside this module.
 * Throws Error for a name that is no script's.
 */
export function scriptText(name: ScriptName): string {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new Error(`"${name}" is not the name of a script`);
  if (isSea()) return getAsset(`scripts/${name}.sh`, 'utf8');
  return readFileSync(new URL(`scripts/${name}.sh`, import.meta.url), 'utf8');
}

/** Parts that only some scripts need, put before them: copying databases that may be written to meanwhile, telling secret files. */
const preambles: Readonly<Partial<Record<ScriptName, ScriptName>>> = {
  'node-databases': 'still-copy',
  runtime: 'still-copy',
  config: 'secret-files',
  filesystem: 'secret-files',
};

/** The script of that name with what it needs before it. */
export function namedScript(name: ScriptName): Script {
  const before = preambles[name];
  return { name, text: (before === undefined ? '' : scriptText(before)) + scriptText(name) };
}

/** What is put before every script: the framing functions and the node's paths. */
export function commonText(): string {
  return scriptText('common') + scriptText('batch') + scriptText('paths');
}

/** A script that looks at a container's layers, preceded by the functions that mount views of them. */
export function viewScript(name: 'diff' | 'diff-image'): Script {
  const before = name === 'diff' ? scriptText('diff-mounts') : '';
  return { name, text: scriptText('diff-views') + before + scriptText(name) };
}

/** The first part of diff.sh alone: lists mounts (diff-mounts.sh documents its arguments and input). */
export function mountsScript(): Script {
  return { name: 'diff-mounts', text: `${scriptText('diff-mounts')}mounts "$@" <"$IR_RUN/input"\n` };
}
