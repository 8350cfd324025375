import { blindLines, changesTable, diffNames } from '../../filesystem/present.ts';
import type { PodDiff } from '../../filesystem/pod-diff.ts';
import type { Io } from '../../output/io.ts';
import { writeLine } from '../../output/io.ts';
import { printData } from '../../output/printer.ts';
import type { Progress } from '../../output/progress.ts';
import type { FlagValues } from '../command.ts';
import type { outputFlags } from '../flags.ts';

/** Prints the diffs: one alone as it is, of `many` pods each under its name, or as a PodDiffList; what was not looked at goes to stderr. */
export async function printDiffs(
  diffs: readonly PodDiff[],
  many: boolean,
  { output, runtime }: FlagValues<typeof outputFlags> & { readonly runtime: boolean },
  io: Io,
  progress: Progress,
): Promise<void> {
  for (const diff of diffs)
    for (const line of blindLines(diff))
      await progress.warn(`not looked at: ${many ? `${diff.pod.name}: ` : ''}${line}`);
  const [first] = diffs;
  if (output === 'json' || output === 'yaml')
    await printData(
      io,
      many || first === undefined
        ? { apiVersion: 'kubectl-ir/v1', kind: 'PodDiffList', items: diffs }
        : first,
      output,
    );
  else if (output === 'name')
    for (const diff of diffs)
      for (const line of diffNames(diff, { runtime }))
        await writeLine(io.stdout, many ? `${diff.pod.name}:${line}` : line);
  else
    for (const [i, diff] of diffs.entries()) {
      if (many) await writeLine(io.stdout, `${i === 0 ? '' : '\n'}pod/${diff.pod.name} on ${diff.pod.node}`);
      await writeLine(io.stdout, changesTable(diff, { runtime, wide: output === 'wide' }));
    }
}
