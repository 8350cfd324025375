import { diffJson, wholeDiff } from '../../filesystem/diff-json.ts';
import { blindLines, diffLines, diffNames } from '../../filesystem/present.ts';
import type { PodDiff } from '../../filesystem/pod-diff.ts';
import type { Io } from '../../output/io.ts';
import { writeChunk } from '../../output/io.ts';
import { largerPieces } from '../../output/pieces.ts';
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
  if (output === 'yaml') {
    const items = await Promise.all(diffs.map(wholeDiff));
    await printData(io, many ? { ...list, items } : items[0], output);
    return;
  }
  const texts = output === 'json' ? jsonOf(diffs, many) : linesOf(diffs, many, { output, runtime });
  for await (const piece of largerPieces(texts)) await writeChunk(io.stdout, piece);
}

async function* linesOf(
  diffs: readonly PodDiff[],
  many: boolean,
  { output, runtime }: { readonly output: string | undefined; readonly runtime: boolean },
): AsyncGenerator<string, void> {
  for (const [i, diff] of diffs.entries()) {
    if (output === 'name') {
      const pod = many ? `${diff.pod.name}:` : '';
      for await (const line of diffNames(diff, { runtime })) yield `${pod}${line}\n`;
      continue;
    }
    if (many) yield `${i === 0 ? '' : '\n'}pod/${diff.pod.name} on ${diff.pod.node}\n`;
    for await (const line of diffLines(diff, { runtime, wide: output === 'wide' })) yield `${line}\n`;
  }
}

const list = { apiVersion: 'kubectl-ir/v1', kind: 'PodDiffList' } as const;

/** One diff, or a list of them, indented by two, with a newline at the end. */
async function* jsonOf(diffs: readonly PodDiff[], many: boolean): AsyncGenerator<string, void> {
  const [first] = diffs;
  if (!many && first !== undefined) {
    yield* diffJson(first, 2);
    yield '\n';
    return;
  }
  yield `${JSON.stringify(list, undefined, 2).replace(/\n}$/, '')},\n  "items": [`;
  for (const [i, diff] of diffs.entries()) {
    yield `${i === 0 ? '' : ','}\n    `;
    for await (const piece of diffJson(diff, 2)) yield piece.replaceAll('\n', '\n    ');
  }
  yield `${diffs.length === 0 ? '' : '\n  '}]\n}\n`;
}
