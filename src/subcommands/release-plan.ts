import { createHash } from 'node:crypto';
import type { Api } from '../cluster/api.ts';
import type { CaseIsolation } from '../containment/case-isolation.ts';
import { tell } from '../containment/present.ts';
import type { FoundRecord } from '../containment/record.ts';
import { releaseFacts } from '../containment/release-facts.ts';
import type { LabelSelector } from '../cluster/selector.ts';
import type { Case } from '../evidence/case.ts';
import type { Progress } from '../output/progress.ts';
import { choiceFlags } from './choice.ts';
import type { CommandContext, FlagValues } from './command.ts';
import { changeFlags, collectorFlags, recordFlags } from './flags.ts';
import { withCase } from './session.ts';

/** Flags of release. */
export const releaseFlags = {
  ...recordFlags,
  ...collectorFlags,
  ...changeFlags,
  selector: choiceFlags.selector,
  return: {
    type: 'boolean',
    summary: 'give the pod back to its owner and its Services; without it the pod stays detached',
  },
  output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml', 'name'] },
} as const;

export type ReleaseFlags = FlagValues<typeof releaseFlags>;

/** What is to be released. */
type ReleaseChoice =
  /** A pod's name or uid. */
  | { readonly by: 'word'; readonly word: string }
  | { readonly by: 'case'; readonly known: readonly CaseIsolation[] }
  | { readonly by: 'node'; readonly node: string }
  | { readonly by: 'selector'; readonly selector: LabelSelector };

/** What is to be released, and how. */
export interface ReleasePlan {
  readonly choice: ReleaseChoice;
  /** Directory of the case to write custody lines to. */
  readonly dir: string | undefined;
  readonly flags: ReleaseFlags;
}

/** Says what a release is about, what it will do, and what others changed since. */
export async function sayRelease(
  { record, ticks }: FoundRecord,
  drift: readonly string[],
  known: CaseIsolation | undefined,
  plan: ReleasePlan,
  progress: Progress,
): Promise<void> {
  const { pod } = record;
  await progress.note(
    'Pod',
    `${pod.name} in namespace ${pod.namespace}, isolated ${record.created} on ${pod.node}`,
  );
  await progress.note(
    'Record',
    record.acts.map(({ kind }) => `${kind} ${ticks.get(kind) ?? 'not ticked off'}`).join(', '),
  );
  const digest = createHash('sha256').update(JSON.stringify(record)).digest('hex');
  if (known?.recordSha256 !== undefined && known.recordSha256 !== digest) {
    await progress.warn(
      'the record in the cluster is not the one that the case tells of; somebody changed it',
    );
  }
  for (const [index, text] of drift.entries()) await progress.note(index === 0 ? 'Drift' : '', text);
  await tell(progress, releaseFacts(record, plan.flags.return));
}

/** Opens the case that the release goes on record in, when there is one. */
export function withOpened(
  api: Api,
  context: CommandContext,
  { dir }: ReleasePlan,
  target: string,
  use: (opened?: Case) => Promise<number>,
): Promise<number> {
  if (dir === undefined) return use();
  return withCase(api, context, { dir, target, create: false }, use);
}
