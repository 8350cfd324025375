import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readFailure } from '../evidence/durable-file.ts';
import type { BadRule, OwnRule } from '../findings/own-rule.ts';
import { type OwnRuleFile, parseOwnRules } from '../findings/own-rule-file.ts';
import { findRule } from '../findings/rules.ts';
import { UsageError } from '../output/errors.ts';

const longestFile = 1024 * 1024;

/**
 * Reads the rules of a directory: its files `*.yaml` and `*.yml` by name. What can't be used is left out and told, a second
 * rule of one id too. Throws UsageError when there is no such directory, or no file of rules in it.
 */
export async function readOwnRules(dir: string): Promise<OwnRuleFile> {
  const names = await readdir(dir).catch((cause: unknown) => {
    const why = readFailure(cause);
    if (why === undefined) throw cause;
    throw new UsageError(`--rules needs a directory: ${dir} can't be read (${why})`);
  });
  const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  if (files.length === 0)
    throw new UsageError(`--rules ${dir}: there is no file of rules in it (*.yaml, *.yml)`);
  const rules = new Map<string, OwnRule>();
  const bad: BadRule[] = [];
  for (const name of files) {
    const file = join(dir, name);
    const read = await readOne(file);
    bad.push(...read.bad);
    for (const rule of read.rules) {
      const other = rules.get(rule.id);
      if (other === undefined && findRule(rule.id) === undefined) rules.set(rule.id, rule);
      else {
        const whose = other === undefined ? 'of this program' : `at ${other.file}:${other.line}`;
        bad.push({ file, line: rule.line, reason: `there is a rule "${rule.id}" already, ${whose}` });
      }
    }
  }
  return { rules: [...rules.values()], bad };
}

async function readOne(file: string): Promise<OwnRuleFile> {
  const fault = (reason: string): OwnRuleFile => ({ rules: [], bad: [{ file, line: 1, reason }] });
  try {
    const found = await stat(file);
    // A pipe would be waited for without end, and a device has no end.
    if (!found.isFile()) return fault('it is no regular file');
    const { size } = found;
    if (size > longestFile) return fault(`it has ${size} bytes; ${longestFile} are read at most`);
    return parseOwnRules(await readFile(file, 'utf8'), file);
  } catch (error) {
    const why = readFailure(error);
    if (why === undefined) throw error;
    return fault(`it can't be read (${why})`);
  }
}
