import { createHash } from 'node:crypto';
import type { Api } from '../cluster/api.ts';
import type { Collector } from '../collector/collector.ts';
import type { Act } from '../evidence/custody-line.ts';
import { InterruptedError, OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import type { Progress } from '../output/progress.ts';
import { formatSize } from '../output/size.ts';
import type { NodeSide, Performed } from './acts/act.ts';
import { type Action, performAct } from './acts/acts.ts';
import { type ActResult, type Isolation, undoCommand } from './isolation.ts';
import { judge, type Judgement, judgementText } from './judge.ts';
import { removeRecord, tick, writeRecord } from './ledger.ts';
import type { PodLink } from './link.ts';
import { type FlowReading, findLink, readFlows, unloadTables } from './node-side.ts';
import { objectName } from './names.ts';
import type { IsolationPlan } from './plan.ts';
import { probePorts, restartBudget } from './probes.ts';
import { recordOf } from './record.ts';
import { awaitReplacement, podsOf, type Replacement } from './replacement.ts';
import { countRules, type RuleInput } from './rules.ts';
import { isReplicaSetOwner } from './subject.ts';
import { isOwnTry, listeningPorts, triesFor, type Try } from './tries.ts';

export interface IsolateOptions {
  readonly collectorNamespace: string;
  /** `io.monotonic()` when the command was given. */
  readonly started: number;
  readonly caseName?: string;
  /** Takes the acts for the case's custody chain. */
  readonly custody?: (act: Act) => Promise<void>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Length of each counting window: long enough for a TCP retransmission, RFC 6298. */
const windowSeconds = 1;
/** How long a replacement is waited for, while the verdict is being reached. */
const replacementMs = 5_000;
/** A write to the API server or a change of rules is finished whatever the user does, within this time. */
const actMs = 15_000;

/** Everything one isolation carries along. */
interface Run {
  readonly api: Api;
  readonly io: Io;
  readonly plan: IsolationPlan;
  readonly collector: Collector;
  readonly options: IsolateOptions;
  readonly results: ActResult[];
  /** What stands in the cluster now, in words. */
  readonly standing: string[];
  cutAt?: number;
  replacement?: Promise<Replacement | undefined>;
}

/**
 * Carries out a plan and proves it: flows counted, cut, denied, detached, flows counted again.
 * The record is in the cluster before the first act. Stopped before the cut is in place it takes everything back; stopped
 * later it leaves what stands, with its record, and says so. Throws InterruptedError or OperationError in those cases.
 */
export async function isolate(
  api: Api,
  io: Io,
  plan: IsolationPlan,
  collector: Collector,
  options: IsolateOptions,
): Promise<Isolation> {
  const run: Run = { api, io, plan, collector, options, results: [], standing: [] };
  const { subject } = plan;
  const link = await findLink(collector, subject, options.signal);
  const record = recordOf(plan, {
    created: io.now(),
    ...(options.caseName === undefined ? {} : { case: options.caseName }),
  });
  const text = JSON.stringify(record);
  await custody(run, 'planned', { record, sha256: createHash('sha256').update(text).digest('hex') });
  await writeRecord(api, record, options.collectorNamespace, AbortSignal.timeout(actMs));
  try {
    const isolation = await carryOut(run, link);
    await custody(run, isolation.verification.verdict, { isolation });
    return isolation;
  } catch (error) {
    throw await afterFailure(run, error);
  } finally {
    await removeCounters(run, link);
  }
}

async function carryOut(run: Run, link: PodLink): Promise<Isolation> {
  const { plan, collector, options } = run;
  const { subject } = plan;
  const rules: RuleInput = {
    uid: subject.uid,
    links: link.links,
    address: subject.address,
    ports: probePorts(subject.probes),
    nodeAddresses: link.nodeAddresses,
  };
  const counted = canFilter(run, link);
  const tries = triesFor(plan.peers, {
    address: subject.address,
    ports: subject.ports,
    probePorts: rules.ports,
  });
  const common = { uid: subject.uid, seconds: windowSeconds, counted, tries, signal: options.signal };
  const before = await readFlows(collector, link, {
    ...common,
    ...(counted ? { rules: countRules(rules) } : {}),
  });
  for (const action of plan.actions) {
    options.signal.throwIfAborted();
    await act(run, action, { collector, link, rules, filtered: counted });
  }
  const started = run.io.monotonic();
  const after = await readFlows(collector, link, common);
  const judgement = judgeRun(run, { link, before, after, tries });
  const ended = run.io.monotonic();
  const replacement = await run.replacement;
  if (replacement !== undefined) {
    await options.progress.note(
      'Replaced',
      `by pod/${replacement.name}, ready after ${replacement.seconds.toFixed(1)}s`,
    );
  }
  await options.progress.step(
    'verify',
    judgementText(judgement),
    ended - started,
    judgement.verdict === 'HOLDS' ? 'done' : 'part',
  );
  return result(run, { judgement, ended, replacement });
}

/** Performs one act, ticks it off, and reports it. A refused act is a result, not an end: the others still help. */
async function act(run: Run, action: Action, node: NodeSide): Promise<void> {
  const started = run.io.monotonic();
  const { subject } = run.plan;
  const signal = AbortSignal.timeout(actMs);
  const where = { namespace: run.options.collectorNamespace, uid: subject.uid };
  let performed: Performed;
  try {
    if (action.kind === 'detach') await expectReplacement(run, signal);
    const stands = (what: string): void => void run.standing.push(what);
    performed = await performAct(action, { api: run.api, io: run.io, subject, node, signal, stands });
    if (action.kind === 'cut' && performed.outcome === 'done') run.cutAt = run.io.monotonic();
    const text = `${performed.outcome} ${run.io.now().toISOString()}`;
    await tick(run.api, where, action.kind, text, signal);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    performed = { outcome: 'failed', detail: error.message };
  }
  const { outcome, detail } = performed;
  const ms = run.io.monotonic() - started;
  run.results.push({ kind: action.kind, summary: action.summary, outcome, seconds: ms / 1000, detail });
  await custody(run, `${action.kind} ${outcome}`, { detail });
  const good = outcome === 'done';
  const text = good ? detail : `${outcome}: ${detail}`;
  await run.options.progress.step(action.kind, text, ms, good ? 'done' : 'part');
}

/** Looks which pods the owner has before one is detached, and from then on for one more, beside everything else. */
async function expectReplacement(run: Run, signal: AbortSignal): Promise<void> {
  const { api, io, plan } = run;
  const { subject } = plan;
  if (!isReplicaSetOwner(subject.owner)) return;
  const { owner } = subject;
  const known = await podsOf(api, { ...owner, namespace: subject.namespace }, signal);
  run.replacement = awaitReplacement(api, io, subject, {
    owner,
    known,
    timeoutMs: replacementMs,
    signal: run.options.signal,
  }).catch(() => undefined);
}

function judgeRun(
  run: Run,
  read: {
    readonly link: PodLink;
    readonly before: FlowReading;
    readonly after: FlowReading;
    readonly tries: readonly Try[];
  },
): Judgement {
  const { link, before, after, tries } = read;
  return judge({
    before,
    after,
    tries,
    own: (flow) => isOwnTry(flow, tries, link.nodeAddresses, before.sockets),
    cut: run.cutAt !== undefined,
    limits: link.uncut.map((name) => `link ${name} of the pod has no side on the host that could be cut`),
    listening: listeningPorts(before.sockets, run.plan.subject.address),
    size: formatSize,
  });
}

function result(
  run: Run,
  end: {
    readonly judgement: Judgement;
    readonly ended: number;
    readonly replacement: Replacement | undefined;
  },
): Isolation {
  const { plan, options } = run;
  const { judgement, replacement } = end;
  const { subject } = plan;
  const since = (at: number): number => Math.round(at - options.started) / 1000;
  const budget = restartBudget(subject.probes);
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'Isolation',
    pod: { namespace: subject.namespace, name: subject.name, uid: subject.uid, node: subject.node },
    actions: run.results,
    clock: {
      ...(budget === undefined ? {} : { restartBudget: budget }),
      ...(run.cutAt === undefined ? {} : { cut: since(run.cutAt) }),
      verdict: since(end.ended),
      ...(replacement === undefined ? {} : { replacement: replacement.seconds }),
    },
    level: run.cutAt === undefined ? 'policy' : 'nft full',
    verification: {
      verdict: judgement.verdict,
      seconds: windowSeconds,
      checks: judgement.checks,
      reasons: judgement.reasons,
    },
    leaks: judgement.leaks,
    undo: {
      command: undoCommand(subject),
      record: `configmap/${objectName(subject.uid)} in namespace ${options.collectorNamespace}`,
    },
  };
}

/** Before the cut everything is taken back; after it what stands stays, because a half-isolated pod beats an open one. */
async function afterFailure(run: Run, error: unknown): Promise<unknown> {
  const { plan, collector, options, api } = run;
  const { subject } = plan;
  const interrupted = options.signal.aborted;
  const what = interrupted
    ? 'was interrupted'
    : `stopped: ${error instanceof Error ? error.message : 'unknown error'}`;
  if (!interrupted && !(error instanceof OperationError)) return error;
  const give = (message: string, advice: string): OperationError =>
    interrupted
      ? new InterruptedError(message, { advice, cause: error })
      : new OperationError(message, { advice, cause: error });
  if (run.standing.length > 0) {
    await custody(run, 'stopped', { standing: run.standing }).catch(() => undefined);
    return give(
      `isolation of pod "${subject.name}" ${what}; what still stands: ${run.standing.join('; ')}`,
      `undo it, from any machine: ${undoCommand(subject)}`,
    );
  }
  try {
    const signal = AbortSignal.timeout(actMs);
    if (collector.tools.has('nft'))
      await unloadTables(collector, subject.uid, ['cut', 'count', 'mark'], signal);
    await removeRecord(api, options.collectorNamespace, subject.uid, signal);
    await custody(run, 'taken back', {});
  } catch (failure) {
    return give(
      `isolation of pod "${subject.name}" ${what}, and taking it back failed: ${failure instanceof Error ? failure.message : ''}`,
      `undo it, from any machine: ${undoCommand(subject)}`,
    );
  }
  return give(
    `isolation of pod "${subject.name}" ${what}; nothing of it is left in the cluster`,
    'run it again',
  );
}

/** Counters never outlive the command; the marks stay with the cut that needs them. A cut that may be there although it failed goes too. */
async function removeCounters(run: Run, link: PodLink): Promise<void> {
  if (!canFilter(run, link)) return;
  const which = run.cutAt === undefined ? (['cut', 'count', 'mark'] as const) : (['count'] as const);
  try {
    await unloadTables(run.collector, run.plan.subject.uid, which, AbortSignal.timeout(actMs));
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    await run.options.progress.warn(`${error.message}; kubectl ir release removes them`);
  }
}

function canFilter(run: Run, link: PodLink): boolean {
  return run.collector.tools.has('nft') && link.links.length > 0;
}

async function custody(run: Run, outcome: string, details: Readonly<Record<string, unknown>>): Promise<void> {
  const { namespace, name, uid } = run.plan.subject;
  await run.options.custody?.({
    action: 'isolate',
    object: `pod/${name} in namespace ${namespace}`,
    result: outcome,
    details: { uid, ...details },
  });
}
