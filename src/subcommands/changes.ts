import { access, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { utcText } from '../artifacts/instant.ts';
import type { JsonObject } from '../artifacts/json.ts';
import { parseTarget } from '../cluster/target.ts';
import { noCaseAt, parseCaseRecord } from '../evidence/case-record.ts';
import { diskError } from '../evidence/durable-file.ts';
import { openWhole } from '../evidence/exhibits.ts';
import { layout } from '../evidence/layout.ts';
import { affectedBy } from '../incident/change/affected.ts';
import { AuditHistory } from '../incident/change/audit-history.ts';
import {
  type ChangeRecords,
  configurationChanges,
  type Period,
} from '../incident/change/configuration-changes.ts';
import { formatCount } from '../output/count.ts';
import { exitCode, OperationError, UsageError, VerificationError } from '../output/errors.ts';
import { createProgress } from '../output/progress.ts';
import { readLogFiles, readLogsOfCase } from './changes-audit.ts';
import { readCase } from './changes-case.ts';
import { type FoundRecords, type LiveTarget, readLive } from './changes-live.ts';
import { printChanges } from './changes-output.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { incidentBegan } from './incident-began.ts';
import { withApi } from './session.ts';
import { parseSince } from './snapshot/choice.ts';

const flags = {
  output: {
    type: 'string',
    short: 'o',
    summary: 'output format',
    choices: ['table', 'wide', 'json', 'yaml'],
    default: 'table',
  },
  since: {
    type: 'string',
    summary: 'how long before the incident, such as 90m or 7d, or a time in RFC 3339',
    default: '48h',
    placeholder: 'TIME',
  },
  'audit-log': {
    type: 'string',
    summary: 'audit log of the API server, several in the order in which they were written',
    repeated: true,
    placeholder: 'FILE',
  },
  baseline: {
    type: 'string',
    summary: 'an earlier case of the same pod, to see what is gone or different since',
    placeholder: 'CASE',
  },
} as const;

type Subject = { readonly dir: string } | { readonly live: LiveTarget | 'namespace' };

interface Plan {
  readonly subject: Subject;
  readonly since: string;
  readonly logs: readonly string[];
  readonly baseline: string | undefined;
  readonly output: string;
}

/** Reasons told on stderr before they are only counted. */
const mostReasons = 10;

/**
 * `kubectl ir changes [POD|NAMESPACE|CASE]`: configuration changes before the incident, nearest first. Exit 3 when something
 * could not be looked at, 4 when a part of the case is not what was collected.
 */
export const command = defineCommand({
  flags,
  complete: async (words, { output, since, 'audit-log': logs, baseline }, { io }): Promise<Plan> => {
    const subject = await subjectOf(words, io.env['KUBECTL_IR_CASE']);
    if (baseline !== undefined && !(await isCase(baseline))) throw noCaseAt(resolve(baseline));
    const files = logs.map((file) => resolve(file));
    return {
      subject,
      since,
      logs: files,
      baseline: baseline === undefined ? undefined : resolve(baseline),
      output,
    };
  },
  run: (plan, context) =>
    'dir' in plan.subject
      ? ofCase(plan.subject.dir, plan, context)
      : ofCluster(plan.subject.live, plan, context),
});

/** A directory with a case in it, `namespace/NAME`, or a pod; nothing is the case of the environment, or the namespace of the context. */
async function subjectOf(words: readonly string[], environment: string | undefined): Promise<Subject> {
  const [first, ...more] = words;
  if (first === undefined)
    return environment === undefined || environment === ''
      ? { live: 'namespace' }
      : { dir: resolve(environment) };
  if (more.length === 0 && (await isCase(first))) return { dir: resolve(first) };
  const [, name] = /^(?:namespaces?|ns)\/(.+)$/.exec(words.join('/')) ?? [];
  if (name !== undefined) {
    if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name))
      throw new UsageError(`"${name}" is not a valid name of a namespace`);
    return { live: { namespace: name } };
  }
  if (more.length === 0 && /^[./~]/.test(first)) throw noCaseAt(resolve(first));
  const pod = parseTarget(words);
  if (pod.resource !== 'pods')
    throw new UsageError(
      `changes takes a pod, namespace/NAME or a case; ${pod.resource} "${pod.name}" is none`,
    );
  return { live: { pod } };
}

async function isCase(word: string): Promise<boolean> {
  try {
    await access(join(resolve(word), layout.caseRecord));
    return true;
  } catch (error) {
    const denied = diskError(error, 'read the case');
    if (denied !== undefined) throw denied;
    return false;
  }
}

function ofCluster(target: LiveTarget | 'namespace', plan: Plan, context: CommandContext): Promise<number> {
  return withApi(context, async (api) => {
    const { io, signal } = context;
    const incident = io.now();
    const live = target === 'namespace' ? { namespace: api.namespace } : target;
    const period = periodOf(plan.since, incident, incident, false);
    const found = await readLive(api, live, signal);
    const about =
      'pod' in live ? `pod/${live.pod.name} in namespace ${api.namespace}` : `namespace/${live.namespace}`;
    const audit = plan.logs.length === 0 ? undefined : historyOf(found, period);
    if (audit !== undefined) await readLogFiles(audit, plan.logs, signal);
    return finish(about, found, audit, period, plan, context);
  });
}

async function ofCase(dir: string, plan: Plan, context: CommandContext): Promise<number> {
  const { io, signal } = context;
  const path = join(dir, layout.caseRecord);
  const { created, name, target } = parseCaseRecord(await readFile(path, 'utf8'), path);
  const began = await incidentBegan(dir);
  const incident = began === undefined ? new Date(created) : new Date(Number(began / 1_000_000n));
  if (Number.isNaN(incident.getTime()))
    throw new OperationError(`${path} is damaged: it does not say when the case was made`, {
      advice:
        'say when the incident began, and changes counts from there: kubectl ir case open CASE --began TIME',
    });
  const period = periodOf(plan.since, incident, io.now(), true);
  const { opened, closed, denied } = await openWhole(dir);
  const found = await readCase(opened, target);
  const damaged = [...found.damaged];
  const gaps: string[] = [];
  const audit = plan.logs.length + found.logs.length === 0 ? undefined : historyOf(found, period);
  if (audit !== undefined) {
    await readLogFiles(audit, plan.logs, signal);
    await readLogsOfCase(audit, found.logs, { gaps, damaged }, signal);
  }
  const notSeen = [...closed, ...denied, ...gaps, ...found.notSeen];
  const code = await finish(`case ${name}`, { ...found, notSeen }, audit, period, plan, context);
  const [first] = damaged;
  if (first !== undefined)
    throw new VerificationError(`part of the case is not what was collected: ${first}`, {
      advice: 'what it told is left out, everything else is shown; see all of it with: kubectl ir verify',
    });
  return code;
}

function historyOf({ records, namespaces }: FoundRecords, { since }: Period): AuditHistory {
  const affected = affectedBy(records.pods, records.owners, namespaces);
  return new AuditHistory({ since, namespaces: affected.namespaces });
}

/** An age counts back from the incident. */
function periodOf(since: string, incident: Date, now: Date, over: boolean): Period {
  const start =
    utcText(since) ?? new Date(incident.getTime() - parseSince(since, now) * 60_000).toISOString();
  return { since: start, incident: incident.toISOString(), over };
}

async function finish(
  about: string,
  { records, namespaces, whole, notSeen: unseen }: FoundRecords,
  audit: AuditHistory | undefined,
  period: Period,
  { output, baseline }: Plan,
  { io }: CommandContext,
): Promise<number> {
  const earlier = baseline === undefined ? undefined : await readCase((await openWhole(baseline)).opened);
  const { ranked, after, malformed } = configurationChanges(
    records,
    namespaces,
    audit,
    period,
    earlier === undefined ? undefined : { before: statesOf(earlier.records), whole },
  );
  const coverage = audit?.coverage();
  const notSeen = [
    ...unseen,
    ...(earlier?.damaged ?? []).map((reason) => `the earlier case: ${reason}`),
    ...(malformed === 0 ? [] : [`records of Helm: ${malformed} are none, or unpack to more than 32 MiB`]),
    ...(coverage === undefined || coverage.malformed === 0
      ? []
      : [
          `the audit log: ${coverage.malformed} of its lines ${coverage.malformed === 1 ? 'is no event' : 'are no events'}`,
        ]),
    ...(coverage === undefined || coverage.forgotten === 0
      ? []
      : [
          `the audit log: ${formatCount(coverage.forgotten, 'change or earlier state was', 'changes or earlier states were')} more than are held`,
        ]),
  ];
  await printChanges(io, { about, ...period, ranked, after, notSeen, audit: coverage, baseline }, output);
  const progress = createProgress(io);
  await progress.note('Changes', `${ranked.length} since ${period.since}, about ${about}`);
  if (after > 0)
    await progress.note(
      'After',
      `${formatCount(after, 'change after the incident is', 'changes after the incident are')} left out`,
    );
  for (const reason of notSeen.slice(0, mostReasons)) await progress.warn(`not looked at: ${reason}`);
  if (notSeen.length > mostReasons)
    await progress.warn(`not looked at: ${notSeen.length - mostReasons} more`);
  return notSeen.length === 0 ? exitCode.done : exitCode.partial;
}

/** What may be compared with now; ReplicaSets are scaled all the time. */
function statesOf({ objects, owners }: ChangeRecords): JsonObject[] {
  return [...objects, ...owners.filter(({ kind }) => kind !== 'ReplicaSet')];
}
