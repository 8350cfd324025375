import { type BothWays, type Count, type Counters, endpoint, type Flow, nothing, total } from './counters.ts';
import type { Level } from './level.ts';
import type { Reading } from './reading.ts';
import {
  directionOf,
  type Family,
  familyOf,
  isFlowOf,
  podPortOf,
  type Sources,
  triedText,
  type Try,
} from './tries.ts';

/** How a flow did in one of the two windows; `silent`: nobody tried to send anything. */
export type FlowState = 'works' | 'fails' | 'silent';

/** One flow before and after. Only one that worked before and was tried after is judged. */
export interface Check {
  readonly flow: string;
  /** Who opened it, as the pod sees it; absent where that can't be told. */
  readonly direction?: 'in' | 'out';
  readonly family?: Family;
  readonly before: FlowState;
  readonly after: FlowState;
  readonly judged: boolean;
  /** Bytes that passed after the cut, of what was counted. */
  readonly bytes?: number;
  /** Tried by us, not found on the link. */
  readonly ours?: boolean;
  /** A kubelet probe's way, which is to stay open. */
  readonly probe?: boolean;
}

/** What a check is made from. */
export interface CheckInput {
  readonly before: Reading;
  readonly after: Reading;
  readonly tries: readonly Try[];
  readonly sources: Sources;
  /** Ports that the pod listens on: a flow on one of them was opened by the other side. */
  readonly listening: readonly number[];
  /** The level of the cut that was placed. Undefined when none was: what passes the link may then be stopped behind it, by a policy. */
  readonly cut: Level | undefined;
}

/** A check with what passed on the link after the acts, and whether the pod itself got something as far as that. */
export interface Checked {
  readonly check: Check;
  readonly passed: Count;
  /** Packets of the pod's that reached its link after the acts, past any layer in the pod. */
  readonly reached: number;
}

/** Every flow that was seen and every try that was made, before and after. */
export function checksOf(input: CheckInput): Checked[] {
  return [
    ...flowChecks(input),
    ...otherChecks(input),
    ...input.tries.map((_, index) => tryCheck(input, index)),
  ];
}

function flowChecks(input: CheckInput): Checked[] {
  const before = input.before.counters;
  const after = input.after.counters;
  if (before === undefined || after === undefined) return [];
  const { sockets } = input.before;
  // What was only tried never worked: the cut of an earlier run may stand already.
  const earlier = before.link.passed.flows;
  const passed = after.link.passed.flows;
  const keys = [...earlier.keys(), ...[...passed.keys()].filter((key) => !earlier.has(key))];
  return keys.flatMap((key) => {
    const flow = (earlier.get(key) ?? passed.get(key))?.flow;
    if (flow === undefined) return [];
    // The rules leave probes out before they count: what is counted between the node and a probe port is something else.
    if (input.tries.some((one) => !one.probe && isFlowOf(one, flow, input.sources, sockets))) return [];
    const tried = after.inside.tried.flows.get(key)?.from.packets ?? 0;
    const gone = passed.get(key);
    if (gone?.to.packets === 0 && isProbeUnderWay(flow, input)) return [];
    const state =
      input.cut === undefined && total(gone).packets > 0
        ? stateBefore(flow, gone)
        : stateAfter(gone, after.link.tried.flows.get(key), tried);
    const incoming = input.listening.includes(flow.podPort);
    const check = {
      flow: flowText(flow, incoming),
      direction: incoming ? 'in' : 'out',
      family: familyOf(flow.podAddress),
      before: stateBefore(flow, earlier.get(key)),
      after: state,
      bytes: total(passed.get(key)).bytes,
    } as const;
    const reached = after.link.tried.flows.get(key)?.from.packets ?? 0;
    return [{ check: judged(check), passed: total(passed.get(key)), reached }];
  });
}

/**
 * A connection between the node and a probe port that was there when the counters came. The rules know a probe by its beginning, which
 * they did not see, and take its answer for the pod's own; its questions they know by the mark of the node. `judge` tells of one that stays open.
 */
function isProbeUnderWay(flow: Flow, { before, tries, sources, cut }: CheckInput): boolean {
  return (
    cut !== undefined &&
    flow.protocol === 'tcp' &&
    sources.node.includes(flow.peerAddress) &&
    tries.some((one) => one.probe && one.port === flow.podPort) &&
    before.sockets.some((one) => one.localPort === flow.podPort && one.remotePort === flow.peerPort)
  );
}

/** What has no ports: ICMP, other protocols, frames that are not IP. */
function otherChecks({ before, after }: CheckInput): Checked[] {
  if (before.counters === undefined || after.counters === undefined) return [];
  const { link, inside } = after.counters;
  const names = new Set([...before.counters.link.passed.others.keys(), ...link.passed.others.keys()]);
  return [...names].map((name) => {
    const counted = before.counters?.link.passed.others.get(name);
    const passed = link.passed.others.get(name);
    const tried = inside.tried.others.get(name)?.from.packets ?? 0;
    const check = {
      flow: name,
      before: total(counted).packets > 0 ? 'works' : 'silent',
      after: stateAfter(passed, link.tried.others.get(name), tried),
      bytes: total(passed).bytes,
    } as const;
    const reached = link.tried.others.get(name)?.from.packets ?? 0;
    return { check: judged(check), passed: total(passed), reached };
  });
}

function tryCheck(input: CheckInput, index: number): Checked {
  const one = input.tries[index] as Try;
  const passed = countedFor(one, input.after.counters?.link.passed, input);
  const answered = input.after.answers.has(index);
  const through = one.through !== undefined;
  const onLink = passed.packets > 0;
  // Behind a Service another pod may have answered; what passed the link tells. A link that is not cut lets every try begin.
  const works =
    input.cut === undefined
      ? answered && (onLink || !through)
      : onLink || (answered && !through && !one.probe);
  const untried = input.after.untried.includes(one.from);
  const check = {
    flow: triedText(one),
    direction: directionOf(one),
    family: familyOf(one.address),
    before: workedBefore(input, index) ? 'works' : 'fails',
    ours: true,
    after: one.probe ? (answered ? 'works' : 'fails') : works ? 'works' : untried ? 'silent' : 'fails',
    ...(one.probe ? { probe: true } : {}),
  } as const;
  const reached = one.from === 'pod' ? reachedBy(one, input) : 0;
  return { check: judged(check), passed: one.probe ? nothing.from : passed, reached };
}

function reachedBy(one: Try, input: CheckInput): number {
  const flows = input.after.counters?.link.tried.flows ?? new Map<string, never>();
  return flowsOf(one, flows, input).reduce((sum, flow) => sum + flow.from.packets, 0);
}

function countedFor(one: Try, stage: Counters['passed'] | undefined, input: CheckInput): Count {
  const flows = stage === undefined ? [] : flowsOf(one, stage.flows, input);
  const packets = flows.reduce((sum, flow) => sum + total(flow).packets, 0);
  return { packets, bytes: flows.reduce((sum, flow) => sum + total(flow).bytes, 0) };
}

function flowsOf(
  one: Try,
  flows: ReadonlyMap<string, BothWays & { readonly flow: Flow }>,
  { sources, before }: CheckInput,
): (BothWays & { readonly flow: Flow })[] {
  return [...flows.values()].filter(({ flow }) => isFlowOf(one, flow, sources, before.sockets));
}

/**
 * A try that a Service or a node port leads to the pod counts as working only when more flows arrived at the pod than the
 * direct tries explain: another pod may have answered.
 */
function workedBefore(input: CheckInput, index: number): boolean {
  const one = input.tries[index] as Try;
  if (!input.before.answers.has(index)) return false;
  if (one.through === undefined) return true;
  const seen = flowsOf(one, input.before.counters?.link.passed.flows ?? new Map<string, never>(), input);
  const byNode = seen.filter(({ flow }) => input.sources.node.includes(flow.peerAddress)).length;
  const answered = (which: (other: Try) => boolean): number =>
    input.tries.filter((other, at) => input.before.answers.has(at) && !other.probe && which(other)).length;
  const direct = (from: Try['from']): number =>
    answered((other) => other.from === from && other.through === undefined && sameTarget(other, one));
  const byProber = seen.length - byNode - direct(one.from);
  if (one.through.way === 'service') return byProber > 0;
  const nodePorts = answered((other) => other.through?.way === 'node port' && sameTarget(other, one));
  const services = answered(
    (other) => other.from === one.from && other.through?.way === 'service' && sameTarget(other, one),
  );
  return byNode - direct('node') >= nodePorts || byProber > services;
}

function sameTarget(one: Try, other: Try): boolean {
  return (
    one.from !== 'pod' &&
    one.protocol === other.protocol &&
    podPortOf(one) === podPortOf(other) &&
    familyOf(one.address) === familyOf(other.address)
  );
}

/** TCP worked when both sides were heard; UDP when anything was. */
function stateBefore(flow: Flow, counted: BothWays | undefined): FlowState {
  if (counted === undefined) return 'silent';
  if (flow.protocol === 'udp') return 'works';
  return counted.from.packets > 0 && counted.to.packets > 0 ? 'works' : 'fails';
}

function stateAfter(passed: BothWays | undefined, tried: BothWays | undefined, inside: number): FlowState {
  if (total(passed).packets > 0) return 'works';
  return total(tried).packets > 0 || inside > 0 ? 'fails' : 'silent';
}

function judged(check: Omit<Check, 'judged'>): Check {
  const worked = check.before === 'works' && check.after !== 'silent';
  return { ...check, judged: worked && check.probe !== true };
}

function flowText(flow: Flow, incoming: boolean): string {
  const pod = endpoint(flow.podAddress, flow.podPort);
  const peer = endpoint(flow.peerAddress, flow.peerPort);
  return incoming ? `${flow.protocol} ${peer} -> ${pod}` : `${flow.protocol} ${pod} -> ${peer}`;
}
