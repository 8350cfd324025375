import { resolve } from 'node:path';
import { utcText } from '../../artifacts/instant.ts';
import { readCaseRecord } from '../../evidence/case.ts';
import { noCaseAt } from '../../evidence/case-record.ts';
import { readCourse } from '../../incident/case-course.ts';
import type { Course } from '../../incident/course.ts';
import type { IncidentKind } from '../../incident/plan/chain.ts';
import { dutiesAt } from '../../incident/plan/duties.ts';
import {
  type Escalation,
  type EscalationAsk,
  escalationCourse,
  escalationNow,
} from '../../incident/plan/escalation-now.ts';
import { unknownPlaceholders } from '../../incident/plan/message.ts';
import { takePlan } from '../../incident/plan/plan-file.ts';
import type { Plan } from '../../incident/plan/plan.ts';
import { formatAge } from '../../output/age.ts';
import { formatCount } from '../../output/count.ts';
import { exitCode, OperationError, UsageError } from '../../output/errors.ts';
import { terminalLine } from '../../output/line.ts';
import { createProgress } from '../../output/progress.ts';
import { type CommandContext, defineCommand, type FlagValues } from '../command.ts';
import { outputFlags } from '../flags.ts';
import { planFlags } from '../plan-flags.ts';
import { printEscalation } from './escalate-output.ts';
import { knownId } from './known-id.ts';
import { gapText, tellErrors } from './who-output.ts';

const flags = {
  ...planFlags,
  ...outputFlags,
  severity: {
    type: 'string',
    summary: 'severity of the incident (default what the case says)',
    placeholder: 'ID',
  },
  area: {
    type: 'string',
    summary: 'area of expertise that it is about (default what the case says)',
    placeholder: 'ID',
  },
  cause: { type: 'string', summary: 'what brought it about', choices: ['human-error', 'malice'] },
  'high-profile': { type: 'boolean', summary: 'the public or an important customer notices' },
  data: { type: 'boolean', summary: 'data of customers or persons is involved' },
  since: {
    type: 'string',
    summary: 'when escalation began: RFC 3339, or a while ago as 20m or 2h (default now)',
    placeholder: 'TIME',
  },
  step: { type: 'number', summary: 'step that is due (default by the time since)', placeholder: 'N' },
  case: {
    type: 'string',
    summary: 'case that the message is about, whose custody records what is sent (default $KUBECTL_IR_CASE)',
    placeholder: 'DIR',
  },
  send: { type: 'boolean', summary: "post the message to the plan's webhook" },
} as const;

/**
 * `kubectl ir plan escalate`: which chains apply, who is due and who is next, where to talk and what to say. Sends nothing
 * without `--send`. Exit 3 when a reference of the step led to
 * nobody, or the plan has errors.
 */
export const command = defineCommand({
  flags,
  complete: (words, values, { io }) => {
    if (words.length > 0) throw new UsageError('plan escalate takes flags only');
    const { step, plan, output, send, severity, area } = values;
    if (step !== undefined && (!Number.isInteger(step) || step < 1))
      throw new UsageError(`invalid argument "${step}" for "--step" flag: steps count from 1`);
    const dir = values.case ?? io.env['KUBECTL_IR_CASE'] ?? '';
    const now = io.now().getTime();
    return {
      file: plan,
      severity,
      area,
      facts: factsOf(values),
      ask: { now, since: sinceOf(values.since, now), ...(step === undefined ? {} : { step }) },
      dir: dir === '' ? undefined : resolve(dir),
      send,
      output,
    };
  },
  run: async ({ file, facts, ask, dir, send, output, ...ids }, context) => {
    const { io } = context;
    const { plan, path, errors } = await takePlan(io, file, '.');
    const { said = {}, ...named } = dir === undefined ? {} : await saidOf(dir);
    const severity = knownId('severity', ids.severity ?? said.severity, plan.severities);
    const area = knownId('area', ids.area ?? said.area, plan.areas);
    const incident: IncidentKind = {
      ...(severity === undefined ? {} : { severity }),
      ...(area === undefined ? {} : { area }),
      ...facts,
    };
    const { escalation, doubts } = await escalationOf(plan, path, { ...ask, ...named, incident });
    const webhook = send ? webhookOf(plan) : undefined;
    const data = output === 'json' || output === 'yaml';
    if (!data) await printEscalation(io, escalation, output);
    await tellErrors(io, errors);
    for (const doubt of doubts) await createProgress(io).warn(terminalLine(doubt));
    await tellLimits(context, plan, escalation);
    if (webhook !== undefined) await deliver(context, webhook, escalation, { dir, data, output });
    else if (data) await printEscalation(io, escalation, output);
    return errors + escalation.gaps.length + doubts.length === 0 ? exitCode.done : exitCode.partial;
  },
});

/** What a case says of its incident, and its own name, whatever its directory is called now. */
async function saidOf(dir: string): Promise<{ readonly said: Course['facts']; readonly caseName: string }> {
  const record = await readCaseRecord(dir);
  if (record === undefined) throw noCaseAt(dir);
  return { said: (await readCourse(dir)).course.facts, caseName: record.name };
}

function factsOf(
  values: FlagValues<typeof flags>,
): Pick<IncidentKind, 'cause' | 'highProfile' | 'dataInvolved'> {
  const cause = values.cause as IncidentKind['cause'];
  return {
    ...(cause === undefined ? {} : { cause }),
    highProfile: values['high-profile'],
    dataInvolved: values.data,
  };
}

async function escalationOf(
  plan: Plan,
  path: string,
  ask: EscalationAsk,
): Promise<{ readonly escalation: Escalation; readonly doubts: readonly string[] }> {
  const course = escalationCourse(plan, ask.incident);
  const { rounds, leads } = course;
  if (rounds.length === 0)
    throw new OperationError('no escalation chain of the plan is for this incident', {
      advice:
        'say more of it: --severity, --area, --cause, --high-profile, --data; see: kubectl ir plan show escalation',
    });
  if (ask.step !== undefined && ask.step > rounds.length)
    throw new UsageError(`the chain has ${formatCount(rounds.length, 'step')}, and no step ${ask.step}`);
  const rotas = leads.flatMap((lead) => (lead.to === 'rota' ? [lead.rota] : []));
  const { duties, doubts } = await dutiesAt(plan, path, rotas, ask.now);
  return { escalation: escalationNow(plan, course, duties, ask), doubts };
}

async function tellLimits(
  { io }: CommandContext,
  plan: Plan,
  { gaps, steps, at }: Escalation,
): Promise<void> {
  const progress = createProgress(io);
  for (const gap of gaps) await progress.warn(gapText(gap));
  const strange = unknownPlaceholders(plan.webhook?.template ?? '');
  if (strange.length > 0)
    await progress.warn(`nothing is filled in for {{${strange.join('}}, {{')}}} of the webhook's template`);
  const last = steps.at(-1);
  const late = last?.state === 'now' ? Date.parse(at) - Date.parse(last.at) : 0;
  if (late > 0) await progress.warn(`the last step is due since ${formatAge(late)}; nobody follows it`);
}

function webhookOf({ webhook }: Plan): URL {
  if (webhook !== undefined) return new URL(webhook.url);
  throw new OperationError('the plan has no webhook, so nothing can be sent', {
    advice: 'leave out --send and read the message out; or name one in the plan: webhook: {url: https://…}',
  });
}

/** Sends the message; data is printed with what became of it, also when that was nothing. */
async function deliver(
  context: CommandContext,
  webhook: URL,
  escalation: Escalation,
  { dir, data, output }: { dir: string | undefined; data: boolean; output: string | undefined },
): Promise<void> {
  const { io } = context;
  const { host } = webhook;
  const { sendMessage } = await import('./send-message.ts');
  try {
    const delivery = await sendMessage(context, webhook, escalation, dir);
    if (data) await printEscalation(io, { ...escalation, delivery: { host, ...delivery } }, output);
    await createProgress(io).note('Sent', `to ${host}, which answered ${delivery.status}`);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (data) await printEscalation(io, { ...escalation, delivery: { host, error: text } }, output);
    throw error;
  }
}

function sinceOf(text: string | undefined, now: number): number {
  if (text === undefined) return now;
  const [, count = '', unit = ''] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  const minutes = { m: 1, h: 60, d: 1440 }[unit];
  const moment =
    minutes === undefined ? Date.parse(utcText(text) ?? '') : now - Number(count) * minutes * 60_000;
  if (moment <= now) return moment;
  throw new UsageError(
    `invalid argument "${text}" for "--since" flag: a while ago such as 20m or 2h, or a time in the past such as 2026-11-25T04:15:00Z`,
  );
}
