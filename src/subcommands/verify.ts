import { resolve } from 'node:path';
import type { Problem, Verification } from '../evidence/verification.ts';
import { verifyPath } from '../evidence/verify.ts';
import { exitCode, UsageError, VerificationError } from '../output/errors.ts';
import { type Io, writeLine } from '../output/io.ts';
import { terminalLine } from '../output/line.ts';
import { printData } from '../output/printer.ts';
import { renderTable } from '../output/table.ts';
import { defineCommand } from './command.ts';
import { outputFlags } from './flags.ts';

/** Problems that a table shows without `-o wide`. */
const shown = 20;

/** `kubectl ir verify CASE|ARCHIVE`: whether anything was altered. A broken one is answered and then thrown. */
export const command = defineCommand({
  flags: outputFlags,
  afterInterrupt: 'nothing was changed; run it again',
  complete: (words, flags, { io }) => {
    const [path = io.env['KUBECTL_IR_CASE'], ...more] = words;
    if (path === undefined || path === '' || more.length > 0)
      throw new UsageError('verify takes one case or archive: kubectl ir verify CASE|ARCHIVE');
    return { path: resolve(path), output: flags.output };
  },
  run: async ({ path, output }, { io, signal }) => {
    const verification = await verifyPath(path, signal);
    if (output === 'json' || output === 'yaml') await printData(io, verification, output);
    else if (output === 'name')
      await writeLine(io.stdout, terminalLine(`${verification.type}/${verification.name}`));
    else await printTables(io, verification, output === 'wide' ? verification.problems.length : shown);
    const [first] = verification.problems;
    if (first !== undefined) throw broken(verification, first);
    return verification.verdict === 'UNSEALED' ? exitCode.partial : exitCode.done;
  },
});

async function printTables(
  io: Io,
  { verdict, name, checks, problems, problemCount }: Verification,
  most: number,
): Promise<void> {
  await writeLine(io.stdout, `${verdict}   ${terminalLine(name)}`);
  const rows = checks.map(({ check, result, detail }) => [check, result, detail]);
  await writeLine(io.stdout, renderTable(['CHECK', 'RESULT', 'DETAIL'], rows));
  if (problems.length === 0) return;
  const listed = problems.slice(0, most);
  await writeLine(
    io.stdout,
    renderTable(
      ['WHERE', 'PROBLEM'],
      listed.map(({ where, what }) => [where, what]),
    ),
  );
  if (problemCount > listed.length) await writeLine(io.stdout, `and ${problemCount - listed.length} more`);
}

function broken({ type, name, problemCount }: Verification, { where, what }: Problem): VerificationError {
  const more = problemCount > 1 ? `, and ${problemCount - 1} more` : '';
  return new VerificationError(terminalLine(`${type} ${name} is broken: ${where} ${what}${more}`), {
    advice: 'compare with another copy; keep this one as it is',
  });
}
