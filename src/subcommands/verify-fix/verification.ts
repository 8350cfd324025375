import type { Judgement } from '../../findings/judge.ts';
import { reaches } from '../../findings/judge.ts';
import type { Severity } from '../../findings/finding.ts';
import { type Recurrence, recurrences, type Trace } from '../../incident/recurrence.ts';
import type { FoundChanges } from './found.ts';
import { type LiveWorkloads, podKey } from './live.ts';
import type { IsolationNow, NodeNow } from './look.ts';

/** What was found before and after, and where it was looked for. */
export interface Both {
  readonly before: { readonly findings: readonly Trace[]; readonly changes: FoundChanges };
  readonly after: {
    readonly findings: readonly Trace[];
    readonly changes: FoundChanges;
    readonly judgement: Pick<Judgement, 'notJudged' | 'incomplete'> & {
      readonly damaged?: readonly string[];
    };
    /** Files of nodes that findings were about, by `NODE NAME`. */
    readonly files: ReadonlyMap<string, { readonly outcome: string; readonly sha256?: string }>;
  };
  readonly live: LiveWorkloads;
  readonly nodes: readonly NodeNow[];
  readonly isolations: readonly IsolationNow[];
}

/** `FIXED`: all of it was looked at and nothing is left; `LEFT`: something is; `UNSEEN`: not all could be looked at. */
export type FixVerdict = 'FIXED' | 'LEFT' | 'UNSEEN';

/** What became of the findings, changes and isolations of a case. */
export interface FixVerification {
  readonly verdict: FixVerdict;
  readonly isolations: readonly IsolationNow[];
  readonly nodes: readonly NodeNow[];
  readonly traces: readonly Recurrence[];
  /** Changes that were found now and are none of the case: a running program writes files. */
  readonly otherChanges: number;
  /** What was not looked at beside what the traces tell, a sentence each. */
  readonly unseen: readonly string[];
}

/**
 * True for a finding that a fix is to take away: one about the pods of the case, whatever it weighs, and of the others those that need
 * somebody at once, since every node has findings that are only worth knowing.
 */
export function isMeant(trace: Trace, live: Pick<LiveWorkloads, 'workloads'>): boolean {
  const { namespace = '', pod } = trace.place;
  return (pod !== undefined && live.workloads.has(podKey(namespace, pod))) || isGrave(trace);
}

function isGrave({ severity = 'info' }: Trace): boolean {
  return reaches(severity as Severity, 'high');
}

/** Compares what was found. Pure. */
export function verifyFix(both: Both): FixVerification {
  const { before, after, live, nodes, isolations } = both;
  const workload = (namespace: string, pod: string): string | undefined =>
    live.workloads.get(podKey(namespace, pod));
  const look = {
    workload,
    remains: (trace: Trace) => remainsOf(trace, both),
    unseen: (trace: Trace) => unseenOf(trace, both, workload),
  };
  const meant = (traces: readonly Trace[]): Trace[] => traces.filter((one) => isMeant(one, live));
  const all = recurrences(
    [...meant(before.findings), ...before.changes.changes],
    [...meant(after.findings), ...after.changes.changes],
    look,
  );
  const fresh = all.filter(({ state }) => state === 'new');
  const traces = all.filter((one) => one.state !== 'new' || (one.kind === 'finding' && isGrave(one)));
  const unseen = [
    ...nodes.flatMap(({ node, why }) => (why === undefined ? [] : [`node ${node}: ${why}`])),
    ...nodes.flatMap(({ pods }) =>
      pods.flatMap(({ namespace, name, why }) =>
        why === undefined ? [] : [`pod ${namespace}/${name}: ${why}`],
      ),
    ),
    ...[...live.lacking].map(([, why]) => why),
    ...(after.judgement.damaged ?? []),
    ...[before.changes.cut, after.changes.cut].filter((one) => one !== undefined),
  ];
  return {
    verdict: verdictOf(traces, isolations, unseen),
    isolations,
    nodes,
    traces,
    otherChanges: fresh.filter(({ kind }) => kind === 'change').length,
    unseen: [...new Set(unseen)],
  };
}

function verdictOf(
  traces: readonly Recurrence[],
  isolations: readonly IsolationNow[],
  unseen: readonly string[],
): FixVerdict {
  const left =
    traces.some(({ state }) => state === 'still' || state === 'new') ||
    isolations.some(({ state }) => state === 'LEAKS' || state === 'open');
  if (left) return 'LEFT';
  const open =
    unseen.length > 0 ||
    traces.some(({ state }) => state === 'not looked at') ||
    isolations.some(({ state }) => state === 'UNVERIFIED' || state === 'not looked at');
  return open ? 'UNSEEN' : 'FIXED';
}

/** The file of a finding that lies on its node as it lay there, whether or not its rule can still tell who wrote it. */
function remainsOf({ file, place }: Trace, { after }: Both): string | undefined {
  const now = file === undefined ? undefined : after.files.get(`${place.node} ${file.name}`);
  return now?.sha256 === undefined || now.sha256 !== file?.sha256
    ? undefined
    : `${place.path ?? ''} is on ${place.node} with the same content, though the rule does not match any more`;
}

/** Why a trace that was not found again is not told as gone. */
function unseenOf(
  trace: Trace,
  both: Both,
  workload: (namespace: string, pod: string) => string | undefined,
): string | undefined {
  const { live, after } = both;
  const { namespace = '', pod, node: home, path = '' } = trace.place;
  const file = trace.file === undefined ? undefined : after.files.get(`${home} ${trace.file.name}`);
  if (file !== undefined && file.outcome !== 'vanished')
    return `${path} is on ${home} with other content (${file.outcome}); look at it`;
  const name = pod === undefined ? undefined : workload(namespace, pod);
  const lack = name === undefined ? undefined : live.lacking.get(name);
  if (lack !== undefined) return lack;
  const pods = (name === undefined ? undefined : live.pods.get(name)) ?? [];
  if (trace.kind === 'change')
    return firstOf(pods, ({ metadata }) =>
      unseenContainer(metadata?.namespace ?? '', metadata?.name ?? '', trace.place.container, both),
    );
  const nodes = new Set([trace.place.node, ...pods.map(({ spec }) => spec?.nodeName ?? '')]);
  return firstOf([...nodes], (node) => unjudged(trace.what, node, both));
}

function unseenContainer(
  namespace: string,
  pod: string,
  container: string | undefined,
  { nodes, after }: Both,
): string | undefined {
  const asked = nodes
    .flatMap((node) => node.pods)
    .find((one) => one.namespace === namespace && one.name === pod);
  if (asked === undefined || asked.why !== undefined)
    return `pod ${namespace}/${pod}: ${asked?.why ?? 'its containers were not compared'}`;
  const compared = after.changes.containers.filter((one) => one.namespace === namespace && one.pod === pod);
  const same = compared.find((one) => one.container === container);
  const blind = same?.blind[0];
  if (blind !== undefined) return `container ${container ?? ''} of pod ${namespace}/${pod}: ${blind}`;
  return after.changes.cut;
}

function unjudged(rule: string, node: string, { nodes, after }: Both): string | undefined {
  const looked = nodes.find((one) => one.node === node);
  if (looked === undefined || looked.why !== undefined)
    return `node ${node}: ${looked?.why ?? 'it was not looked at'}`;
  const { notJudged, incomplete } = after.judgement;
  const same = (one: { readonly rule: string; readonly node: string }): boolean =>
    one.rule === rule && one.node === node;
  return (notJudged.find(same) ?? incomplete.find(same))?.reason;
}

function firstOf<T>(all: readonly T[], why: (one: T) => string | undefined): string | undefined {
  for (const one of all) {
    const reason = why(one);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
