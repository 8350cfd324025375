import type { Case } from '../../evidence/case.ts';
import { snapshotText } from '../../evidence/snapshot.ts';
import { formatCount } from '../../output/count.ts';
import { writeLine } from '../../output/io.ts';
import type { Progress } from '../../output/progress.ts';
import { quotedWord } from '../../output/shell-word.ts';
import { formatSize } from '../../output/size.ts';
import { warnOf } from '../../output/warn.ts';
import type { CommandContext } from '../command.ts';
import type { Taken } from './collect.ts';

/** A snapshot as JSON; `about` is what it is of. */
export function snapshotData(
  kind: 'NodeSnapshot' | 'PodSnapshot',
  about: Readonly<Record<string, string>>,
  { summary, acquisition, resumes, remote }: Taken,
  opened: Case,
): Readonly<Record<string, unknown>> {
  const { phases, incomplete, clock, clockAfter, clockStep, ...counts } = summary;
  return {
    apiVersion: 'kubectl-ir/v1',
    kind,
    ...about,
    case: opened.dir,
    acquisition: acquisition.dir,
    outcome: acquisition.outcome,
    ...(resumes.length === 0 ? {} : { resumes }),
    ...(remote === undefined ? {} : { noCollector: remote }),
    counts,
    clock,
    clockAfter,
    ...(clockStep === undefined ? {} : { clockStep }),
    phases,
    incomplete,
    items: acquisition.items,
    bytes: acquisition.bytes,
    sensitive: acquisition.sensitive,
    secrets: acquisition.secrets,
    outcomes: acquisition.outcomes,
    gaps: acquisition.gaps,
    gapCount: acquisition.gapCount,
  };
}

/** What a snapshot came to, for people: what it counted, if it did, and what came. */
export async function tellSnapshot(
  { summary, acquisition }: Taken,
  { io }: CommandContext,
  label = '',
): Promise<void> {
  const { items, bytes, sensitive, secrets, gapCount } = acquisition;
  const counts = snapshotText(summary);
  if (counts !== '') await writeLine(io.stdout, label + counts);
  const parts = [
    formatCount(items, 'item'),
    formatSize(bytes),
    ...(sensitive === 0 ? [] : [`${sensitive} may hold credentials`]),
    ...(secrets === 0 ? [] : [`${formatCount(secrets, 'secret')} left out`]),
  ];
  const gaps = gapCount - secrets;
  const told = gaps === 0 ? '' : `; ${gaps} not read or not whole, listed in acquisition.json`;
  await writeLine(io.stdout, label + parts.join(', ') + told);
}

/** Progress of one of several that are looked at: each step says of which. */
export function named(progress: Progress, what: string): Progress {
  return {
    ...progress,
    step: (name, detail, ms, state) => progress.step(name, `${what} ${detail}`, ms, state),
  };
}

/** What is not whole and how to go on, where the case is, where the key to its secrets, and what of ours is left behind. */
export async function tellCase(
  takens: readonly Taken[],
  opened: Case,
  words: string,
  progress: Progress,
): Promise<void> {
  for (const { summary } of takens) {
    for (const reason of summary.incomplete) await progress.warn(`not complete: ${reason}`);
    if (summary.clockStep !== undefined)
      await progress.warn(`${summary.clockStep}; times from before it and after it differ`);
  }
  const { path, failure } = opened.secretKey;
  if (failure !== undefined) await progress.warn(`secrets have no HMAC: ${failure}`);
  await progress.note('Case', opened.dir);
  if (path !== undefined)
    await progress.note('Key', `${path}  recognises secrets again; keep it out of the case`);
  if (takens.some(({ summary }) => summary.phases.some(({ complete }) => !complete)))
    await progress.note('Go on', `kubectl ir snapshot ${words} --case ${quotedWord(opened.dir)}`);
  for (const { left } of takens) await warnOf(left, progress);
}

/** True when everything came and nothing of ours is left behind. */
export function isWhole({ acquisition, left }: Taken): boolean {
  return acquisition.outcome === 'complete' && left === undefined;
}
