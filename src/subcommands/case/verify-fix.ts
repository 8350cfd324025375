import type { Api } from '../../cluster/api.ts';
import type { Pod } from '../../cluster/objects.ts';
import { withDiffSpool } from '../../filesystem/change-log.ts';
import type { Case } from '../../evidence/case.ts';
import { readCaseRecord } from '../../evidence/case.ts';
import { noCaseAt } from '../../evidence/case-record.ts';
import { reaches } from '../../findings/judge.ts';
import { exitCode, OperationError } from '../../output/errors.ts';
import { createProgress } from '../../output/progress.ts';
import { caseWord } from '../case-word.ts';
import { type CommandContext, defineCommand, type FlagValues } from '../command.ts';
import { collectorFlags, outputFlags } from '../flags.ts';
import { requireRights, withApi, withCase } from '../session.ts';
import { type CaseAbout, caseAbout } from '../verify-fix/about.ts';
import {
  changesIn,
  filesOfNodes,
  findingTrace,
  findingTraces,
  judgeAcquisitions,
} from '../verify-fix/found.ts';
import { findWorkloads } from '../verify-fix/live.ts';
import {
  type IsolationNow,
  lookAgain,
  lookAtIsolation,
  type Looking,
  type NodeNow,
} from '../verify-fix/look.ts';
import { printVerification } from '../verify-fix/present.ts';
import { type FixVerification, isMeant, verifyFix } from '../verify-fix/verification.ts';
import { whereText } from '../where.ts';

const flags = { ...collectorFlags, ...outputFlags } as const;

interface Plan {
  readonly dir: string;
  readonly flags: FlagValues<typeof flags>;
}

const codes = { FIXED: exitCode.done, LEFT: exitCode.verification, UNSEEN: exitCode.partial } as const;

/**
 * `kubectl ir case verify-fix CASE`: looks again at what a case found, in its pods, in those that took their place and on their nodes.
 * Exit 0 when all of it was looked at and nothing is left, 4 when something is, 3 when something was not looked at.
 */
export const command = defineCommand({
  flags,
  complete: (words, values, { io }): Plan => ({ dir: caseWord(io, 'case verify-fix', words), flags: values }),
  run: async ({ dir, flags: values }, context) => {
    if ((await readCaseRecord(dir)) === undefined) throw noCaseAt(dir);
    const about = await caseAbout(dir);
    return withApi(context, async (api) => {
      for (const namespace of new Set([api.namespace, ...about.pods.map(({ pod }) => pod.namespace)])) {
        const places = { namespace, collectorNamespace: values['collector-namespace'] };
        await requireRights(api, context, 'verify-fix', places);
      }
      return withCase(api, context, { dir, target: '' }, async (opened) => {
        const act = { action: 'verify-fix', object: opened.name };
        await opened.custody.append({ ...act, result: 'started' });
        const verification = await verify(api, opened, about, values, context);
        const { verdict, traces, isolations } = verification;
        const details = {
          isolations: isolations.map(({ pod, state }) => ({ uid: pod.uid, state })),
          traces: Object.fromEntries(
            [...new Set(traces.map(({ state }) => state))].map((state) => [
              state,
              traces.filter((one) => one.state === state).length,
            ]),
          ),
        };
        await opened.custody.append({ ...act, result: verdict, details });
        await printVerification(
          context.io,
          createProgress(context.io),
          opened.dir,
          verification,
          values.output,
          whereText(context.global, values),
        );
        return codes[verdict];
      });
    });
  },
});

/** What was found before, then everything once more, then what became of it. */
function verify(
  api: Api,
  opened: Case,
  about: CaseAbout,
  values: Plan['flags'],
  context: CommandContext,
): Promise<FixVerification> {
  const { signal } = context;
  const { dir } = opened;
  return withDiffSpool(async (spool) => {
    const old = (name: string): boolean => about.acquisitions.has(name) && !about.again.has(name);
    const judged = await judgeAcquisitions(dir, old, dir, signal);
    // What an earlier second look found beside that was new then, and is known now.
    const known = (name: string): boolean => about.acquisitions.has(name);
    const later = about.again.size === 0 ? [] : (await judgeAcquisitions(dir, known, dir, signal)).findings;
    const grave = later.filter(({ severity }) => reaches(severity, 'high'));
    const before = {
      findings: await findingTraces(dir, [...judged.findings, ...grave]),
      changes: await changesIn(dir, old, signal),
    };
    const live = await findWorkloads(api, about, signal);
    const meant = before.findings.filter((one) => isMeant(one, live));
    if (about.pods.length === 0 && meant.length === 0)
      throw new OperationError('this case tells of nothing that could be looked at again', {
        advice:
          'it holds no isolation, no diff and no grave finding; collect first: kubectl ir respond POD --case CASE',
      });
    const looking: Looking = {
      api,
      context,
      opened,
      flags: values,
      progress: createProgress(context.io),
      spool,
    };
    const isolations: IsolationNow[] = [];
    for (const pod of about.pods) {
      const now = await lookAtIsolation(looking, pod);
      if (now !== undefined) isolations.push(now);
    }
    const pods = [...live.pods.values()].flat();
    const places = [...meant.map(({ place }) => place.node), ...about.pods.map(({ node }) => node)];
    const nodes: NodeNow[] = [];
    for (const node of new Set([...places, ...pods.map(nodeOf)]))
      nodes.push(
        await lookAgain(
          looking,
          node,
          pods.filter((pod) => nodeOf(pod) === node),
          about.phases,
        ),
      );
    const fresh = (name: string): boolean => !about.acquisitions.has(name);
    const judgement = await judgeAcquisitions(dir, fresh, dir, signal);
    const after = {
      findings: judgement.findings.map(findingTrace),
      changes: await changesIn(dir, fresh, signal),
      judgement,
      files: await filesOfNodes(dir, fresh, new Set(meant.flatMap(({ file }) => file?.name ?? []))),
    };
    return verifyFix({ before, after, live, nodes, isolations });
  });
}

function nodeOf({ spec }: Pod): string {
  return spec?.nodeName ?? '';
}
