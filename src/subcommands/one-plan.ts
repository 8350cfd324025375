import type { Right } from '../cluster/access.ts';
import type { Api } from '../cluster/api.ts';
import type { Pod } from '../cluster/objects.ts';
import { resolvePod, type Target } from '../cluster/target.ts';
import { validatePlan } from '../containment/dry-run.ts';
import { unfinishedRecord } from '../containment/ledger.ts';
import { lookAhead, planIsolation } from '../containment/look.ts';
import type { IsolationPlan, Wishes } from '../containment/plan.ts';
import { planFacts, tell } from '../containment/present.ts';
import { identityOf } from '../containment/relabel.ts';
import { readSurroundings } from '../containment/surroundings.ts';
import { exitCode } from '../output/errors.ts';
import { writeLine } from '../output/io.ts';
import { printData } from '../output/printer.ts';
import { createProgress } from '../output/progress.ts';
import type { CommandContext } from './command.ts';
import { lackedRights } from './lacked-rights.ts';
import type { ClusterCommand } from './rights.ts';
import { core } from './rights/acts.ts';
import type { Places } from './rights/right.ts';

/** One pod to isolate, for a command that does that or more. */
export interface OneWish {
  readonly command: ClusterCommand;
  readonly target: Target;
  readonly wishes: Wishes;
  readonly collectorNamespace: string;
  /** Flags that lead to the same cluster, as the end of a command line. */
  readonly where?: string;
  /** What else the command can't be begun without. */
  readonly required?: (places: Places) => readonly Right[];
}

/**
 * Finds a pod and plans its isolation; one that was not finished is planned again. Throws OperationError when the user may not do
 * what cannot be left out.
 */
export async function planOne(
  api: Api,
  context: CommandContext,
  { command, target, wishes, collectorNamespace, where, required }: OneWish,
): Promise<{ readonly pod: Pod; readonly isolation: IsolationPlan }> {
  const { io, signal } = context;
  const places = { namespace: api.namespace, collectorNamespace };
  const needed = [...core(places), ...(required?.(places) ?? [])];
  const mayNot = lackedRights(api, context, { command, required: needed, wishes, places });
  const look = async (): Promise<{ readonly pod: Pod; readonly isolation: IsolationPlan }> => {
    const found = resolvePod(api, target, signal);
    const ahead = lookAhead(api, api.namespace, signal);
    const pod = await found;
    // The plan reads from what was read ahead, once more if the record says that the pod was another one.
    const [unfinished] = await Promise.all([
      unfinishedRecord(api, identityOf(pod), collectorNamespace, signal, where),
      readSurroundings(api, pod, signal, ahead.reader),
    ]);
    const isolation = await planIsolation(api, pod, {
      ...wishes,
      ...(unfinished === undefined ? {} : { unfinished }),
      mayNot,
      together: ahead,
      now: io.now(),
      signal,
    });
    return { pod, isolation };
  };
  // Rights and surroundings are asked for side by side; a lacking right is told before what could not be read without it.
  const looked = look();
  looked.catch(() => undefined);
  await mayNot;
  return looked;
}

/** The answer of a dry run: the plan, validated by the server when that is wanted. Returns the exit code. */
export async function showPlan(
  api: Api,
  isolation: IsolationPlan,
  flags: { readonly 'dry-run': string; readonly output: string | undefined },
  { io, signal }: CommandContext,
): Promise<number> {
  const lines = flags['dry-run'] === 'server' ? await validatePlan(api, isolation, signal) : [];
  if (flags.output === 'json' || flags.output === 'yaml') {
    const { subject, actions, service, stops, serves, warnings, outlook } = isolation;
    const told = { subject, actions, service, stops, serves, warnings, outlook };
    await printData(io, { apiVersion: 'kubectl-ir/v1', kind: 'IsolationPlan', ...told }, flags.output);
    return exitCode.done;
  }
  await tell(createProgress({ ...io, stderr: io.stdout }), planFacts(isolation));
  for (const line of lines) await writeLine(io.stdout, line);
  return exitCode.done;
}
