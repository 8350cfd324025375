import { createHash } from 'node:crypto';
import type { Api } from '../cluster/api.ts';
import type { Collector } from '../collector/collector.ts';
import { InterruptedError, OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { formatSize } from '../output/size.ts';
import { actMs, Acting, type ActingOptions } from './acting.ts';
import { type Isolation, undoCommand } from './isolation.ts';
import { judge, type Judgement, judgementText } from './judge.ts';
import { removeRecord, writeRecord } from './ledger.ts';
import type { PodLink } from './link.ts';
import { type FlowReading, findLink, readFlows, unloadTables } from './node-side.ts';
import { objectName } from './names.ts';
import type { IsolationPlan } from './plan.ts';
import { probePorts, restartBudget } from './probes.ts';
import { recordOf } from './record.ts';
import type { Replacement } from './replacement.ts';
import { countRules, type RuleInput } from './rules.ts';
import { isOwnTry, listeningPorts, triesFor, type Try } from './tries.ts';

export interface IsolateOptions extends ActingOptions {
  /** `io.monotonic()` when the command was given. */
  readonly started: number;
  readonly caseName?: string;
  /** Why the pod is cut although more than its own traffic stops; goes on record. */
  readonly evenIf?: string;
}

/** Length of each counting window: long enough for a TCP retransmission, RFC 6298. */
const windowSeconds = 1;

/** Everything one isolation carries along. */
interface Run {
  readonly api: Api;
  readonly io: Io;
  readonly plan: IsolationPlan;
  readonly collector: Collector;
  readonly options: IsolateOptions;
  readonly acting: Acting;
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
  const { subject } = plan;
  const acting = new Acting(api, io, subject, options);
  const run: Run = { api, io, plan, collector, options, acting };
  const link = await findLink(collector, subject, options.signal);
  const record = recordOf(plan, {
    created: io.now(),
    ...(options.caseName === undefined ? {} : { case: options.caseName }),
  });
  const text = JSON.stringify(record);
  await acting.custody('planned', {
    record,
    sha256: createHash('sha256').update(text).digest('hex'),
    ...(plan.stops.length === 0 ? {} : { stops: plan.stops, evenIf: options.evenIf ?? '' }),
  });
  await writeRecord(api, record, options.collectorNamespace, AbortSignal.timeout(actMs));
  try {
    const isolation = await carryOut(run, link);
    await acting.custody(isolation.verification.verdict, { isolation });
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
    await run.acting.perform(action, { collector, link, rules, filtered: counted });
  }
  const started = run.io.monotonic();
  const after = await readFlows(collector, link, common);
  const judgement = judgeRun(run, { link, before, after, tries });
  const ended = run.io.monotonic();
  const replacement = await run.acting.replacement;
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
    cut: run.acting.cutAt !== undefined,
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
  const { plan, options, acting } = run;
  const { judgement, replacement } = end;
  const { subject } = plan;
  const { cutAt } = acting;
  const since = (at: number): number => Math.round(at - options.started) / 1000;
  const budget = restartBudget(subject.probes);
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'Isolation',
    pod: { namespace: subject.namespace, name: subject.name, uid: subject.uid, node: subject.node },
    actions: acting.results,
    clock: {
      ...(budget === undefined ? {} : { restartBudget: budget }),
      ...(cutAt === undefined ? {} : { cut: since(cutAt) }),
      verdict: since(end.ended),
      ...(replacement === undefined ? {} : { replacement: replacement.seconds }),
    },
    level: cutAt === undefined ? 'policy' : 'nft full',
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
  const { plan, collector, options, api, acting } = run;
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
  if (acting.standing.length > 0) {
    await acting.custody('stopped', { standing: acting.standing }).catch(() => undefined);
    return give(
      `isolation of pod "${subject.name}" ${what}; what still stands: ${acting.standing.join('; ')}`,
      `undo it, from any machine: ${undoCommand(subject)}`,
    );
  }
  try {
    const signal = AbortSignal.timeout(actMs);
    if (collector.tools.has('nft'))
      await unloadTables(collector, subject.uid, ['cut', 'count', 'mark'], signal);
    await removeRecord(api, options.collectorNamespace, subject.uid, signal);
    await acting.custody('taken back', {});
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
  const which = run.acting.cutAt === undefined ? (['cut', 'count', 'mark'] as const) : (['count'] as const);
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
