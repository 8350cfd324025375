import { utcText } from '../../artifacts/instant.ts';
import { follow } from '../../incident/plan/call.ts';
import { chainsFor, roundsOf } from '../../incident/plan/chain.ts';
import { dutiesAt } from '../../incident/plan/duties.ts';
import { onCallList } from '../../incident/plan/on-call-list.ts';
import { takePlan } from '../../incident/plan/plan-file.ts';
import type { Plan, Reference } from '../../incident/plan/plan.ts';
import { exitCode, OperationError, UsageError } from '../../output/errors.ts';
import { terminalLine } from '../../output/line.ts';
import { createProgress } from '../../output/progress.ts';
import { defineCommand } from '../command.ts';
import { outputFlags } from '../flags.ts';
import { planFlags } from '../plan-flags.ts';
import { knownId } from './known-id.ts';
import { gapText, printWho, tellErrors } from './who-output.ts';

/**
 * `kubectl ir plan who`: whom to call now, in order, from the plan alone: no cluster, no network. Exit 1 when that is nobody,
 * 3 when a rota or an entry led to nobody, or a calendar could not be read as a whole.
 */
export const command = defineCommand({
  flags: {
    ...planFlags,
    ...outputFlags,
    area: { type: 'string', summary: 'contacts of this area of expertise', placeholder: 'ID' },
    severity: {
      type: 'string',
      summary: 'who is told of an incident of this severity, step by step',
      placeholder: 'ID',
    },
    at: { type: 'string', summary: 'moment in RFC 3339 (default now)', placeholder: 'TIME' },
  },
  complete: (words, { plan, area, severity, at, output }, { io }) => {
    if (words.length > 0) throw new UsageError('plan who takes flags only; an area is given by --area');
    return { file: plan, area, severity, moment: momentOf(at) ?? io.now().getTime(), output };
  },
  run: async ({ file, moment, output, ...asked }, { io }) => {
    const { plan, path, errors } = await takePlan(io, file, '.');
    const area = knownId('area', asked.area, plan.areas);
    const severity = knownId('severity', asked.severity, plan.severities);
    const { references, chains } = referencesFor(plan, area, severity);
    const leads = follow(plan, references);
    const rotas = leads.flatMap((lead) => (lead.to === 'rota' ? [lead.rota] : []));
    const { duties, doubts } = await dutiesAt(plan, path, rotas, moment);
    const list = onCallList(plan, leads, duties, moment, {
      ...(area === undefined ? {} : { area }),
      ...(severity === undefined ? {} : { severity }),
      chains,
    });
    const progress = createProgress(io);
    await tellErrors(io, errors);
    for (const gap of list.gaps) await progress.warn(gapText(gap));
    for (const doubt of doubts) await progress.warn(terminalLine(doubt));
    if (list.calls.length === 0)
      throw new OperationError('the plan leads to nobody who could be called now', {
        advice: 'see who is in it: kubectl ir plan show people',
      });
    await printWho(io, list, output);
    return errors + list.gaps.length + doubts.length === 0 ? exitCode.done : exitCode.partial;
  },
});

/** Without an area and a severity all rotas; else contacts of the area, then whom its escalation chains name, round by round. */
function referencesFor(
  plan: Plan,
  area: string | undefined,
  severity: string | undefined,
): { readonly references: readonly Reference[]; readonly chains: readonly string[] } {
  if (area === undefined && severity === undefined)
    return { references: plan.rotas.map(({ id }) => `rota/${id}`), chains: [] };
  const incident = {
    ...(area === undefined ? {} : { area }),
    ...(severity === undefined ? {} : { severity }),
    highProfile: false,
    dataInvolved: false,
  };
  const chains = severity === undefined ? [] : chainsFor(plan, incident);
  const steps = roundsOf(plan, chains).flatMap((round) => round.steps);
  return {
    references: [...(area === undefined ? [] : [`area/${area}`]), ...steps.flatMap(({ notify }) => notify)],
    chains: [...new Set(steps.map(({ chain }) => chain))],
  };
}

function momentOf(at: string | undefined): number | undefined {
  if (at === undefined) return undefined;
  const moment = Date.parse(utcText(at) ?? '');
  if (!Number.isNaN(moment)) return moment;
  throw new UsageError(
    `invalid argument "${at}" for "--at" flag: a time with its zone, such as 2026-12-24T18:00:00Z`,
  );
}
