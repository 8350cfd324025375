import { type Count, type Counters, endpoint, type Flow, sum } from './counters.ts';
import { type Try, tryText } from './tries.ts';

export type Verdict = 'HOLDS' | 'LEAKS' | 'UNVERIFIED';

/** How a flow did in one of the two windows; `silent`: nobody tried to send anything. */
export type FlowState = 'works' | 'fails' | 'silent';

/** One flow before and after. Only one that worked before and was tried after is judged. */
export interface Check {
  readonly flow: string;
  readonly before: FlowState;
  readonly after: FlowState;
  readonly judged: boolean;
  /** Bytes that passed after the cut, of flows that were counted. */
  readonly bytes?: number;
}

/** A way by which the pod still exchanges data. */
export interface Leak {
  readonly flow: string;
  readonly seen: string;
  readonly why: string;
  readonly advice: string;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly checks: readonly Check[];
  readonly leaks: readonly Leak[];
  /** Why it is UNVERIFIED, and what else could not be seen. */
  readonly reasons: readonly string[];
}

/** What was measured in one window; counters are missing when the image has no nft. */
export interface Measurement {
  readonly seconds: number;
  readonly counters?: Counters;
  /** For each try whether it connected. */
  readonly connected: readonly boolean[];
}

export interface JudgeInput {
  readonly before: Measurement;
  readonly after: Measurement;
  readonly tries: readonly Try[];
  /** True for flows that our own tries made. */
  readonly own: (flow: Flow) => boolean;
  /** True when the cut is in place; false names the reason in `reasons`. */
  readonly cut: boolean;
  /** Known limits, such as a link without host side; each prevents HOLDS. */
  readonly limits: readonly string[];
  /** Ports that the pod listens on: a flow on one of them was opened by the other side. */
  readonly listening: readonly number[];
  readonly size: (bytes: number) => string;
}

/**
 * LEAKS when anything but a kubelet probe passed after the acts; HOLDS when at least one flow that worked before was
 * tried again and failed, nothing passed, the link is cut and nothing limits what we can see; else UNVERIFIED.
 */
export function judge(input: JudgeInput): Judgement {
  const tried = input.tries.map((one, index) => tryCheck(one, input, index));
  const flows = input.before.counters && input.after.counters ? flowChecks(input) : [];
  const checks = [...flows.map((one) => one.check), ...tried];
  const leaks = [...flows.flatMap((one) => one.leak), ...othersPassed(input), ...triesPassed(input)];
  const reasons = [...input.limits];
  if (!input.cut) reasons.push('the link is not cut, so established connections may go on');
  if (input.after.counters === undefined) reasons.push('established connections could not be counted');
  const judged = checks.filter((check) => check.judged);
  if (judged.length === 0) reasons.push('no flow that worked before was tried again after');
  const verdict = leaks.length > 0 ? 'LEAKS' : reasons.length > 0 ? 'UNVERIFIED' : 'HOLDS';
  return { verdict, checks, leaks, reasons };
}

/** `12 of 12 flows that worked are blocked; 2 never worked or fell silent, not judged`. */
export function judgementText(judgement: Judgement): string {
  const judged = judgement.checks.filter((check) => check.judged);
  const blocked = judged.filter((check) => check.after === 'fails');
  const rest = judgement.checks.length - judged.length - probesOf(judgement).length;
  const tail = rest > 0 ? `; ${rest} never worked or fell silent, not judged` : '';
  return `${blocked.length} of ${judged.length} flows that worked are blocked${tail}`;
}

function probesOf(judgement: Judgement): readonly Check[] {
  return judgement.checks.filter((check) => check.flow.startsWith('probe '));
}

function tryCheck(one: Try, input: JudgeInput, index: number): Check {
  const before = input.before.connected[index] === true ? 'works' : 'fails';
  const after = input.after.connected[index] === true ? 'works' : 'fails';
  const flow = one.probe ? `probe ${tryText(one)}` : tryText(one);
  return { flow, before, after, judged: !one.probe && before === 'works' };
}

function triesPassed(input: JudgeInput): Leak[] {
  return input.tries.flatMap((one, index) =>
    one.probe || input.after.connected[index] !== true ? [] : [leak(tryText(one), 'connected', input, false)],
  );
}

function flowChecks(input: JudgeInput): { check: Check; leak: Leak[] }[] {
  const before = input.before.counters?.tried.flows ?? new Map<string, never>();
  const tried = input.after.counters?.tried.flows ?? new Map<string, never>();
  const passed = input.after.counters?.passed.flows ?? new Map<string, never>();
  const keys = [...before.keys(), ...[...passed.keys()].filter((key) => !before.has(key))];
  return keys.flatMap((key) => {
    const flow = (before.get(key) ?? passed.get(key))?.flow;
    if (flow === undefined || input.own(flow)) return [];
    const went = total(passed.get(key));
    const check: Check = {
      flow: flowText(flow, input.listening),
      before: stateBefore(flow, before.get(key)),
      after: went.packets > 0 ? 'works' : total(tried.get(key)).packets > 0 ? 'fails' : 'silent',
      judged: false,
      bytes: went.bytes,
    };
    const judged = check.before === 'works' && check.after !== 'silent';
    const seen = `${input.size(went.bytes)} in ${Math.round(input.after.seconds)}s`;
    return [
      {
        check: { ...check, judged },
        leak: went.packets > 0 ? [leak(check.flow, seen, input, before.has(key))] : [],
      },
    ];
  });
}

/** TCP worked when both sides were heard; UDP when anything was. */
function stateBefore(flow: Flow, counted: { from: Count; to: Count } | undefined): FlowState {
  if (counted === undefined) return 'silent';
  if (flow.protocol === 'udp') return 'works';
  return counted.from.packets > 0 && counted.to.packets > 0 ? 'works' : 'fails';
}

function othersPassed(input: JudgeInput): Leak[] {
  return [...(input.after.counters?.passed.others ?? [])].map(([name, count]) =>
    leak(name, `${input.size(count.bytes)} in ${Math.round(input.after.seconds)}s`, input, false),
  );
}

function leak(flow: string, seen: string, input: JudgeInput, established: boolean): Leak {
  return input.cut
    ? {
        flow,
        seen,
        why: 'it passes the link although the link is cut',
        advice: 'look at what else changes the rules of the node, then run isolate again',
      }
    : {
        flow,
        seen,
        why: whyUncut(input, established),
        advice: 'cut the link, with a --collector-image that has nft',
      };
}

/** New connections of ours tell whether anything enforces the policy; most networks leave established ones alone. */
function whyUncut({ tries, before, after }: JudgeInput, established: boolean): string {
  const worked = tries.map((one, index) => !one.probe && before.connected[index] === true);
  const stopped = worked.some((did, index) => did && after.connected[index] !== true);
  if (stopped && established) return 'it was open before the policy, which stops only new connections';
  const passed = worked.some((did, index) => did && after.connected[index] === true);
  return passed && !stopped ? 'nothing enforces the policy on it' : 'the policy does not stop it';
}

function total(counted: { from: Count; to: Count } | undefined): Count {
  return counted === undefined ? { packets: 0, bytes: 0 } : sum(counted.from, counted.to);
}

function flowText(flow: Flow, listening: readonly number[]): string {
  const pod = endpoint(flow.podAddress, flow.podPort);
  const peer = endpoint(flow.peerAddress, flow.peerPort);
  return listening.includes(flow.podPort)
    ? `${flow.protocol} ${peer} -> ${pod}`
    : `${flow.protocol} ${pod} -> ${peer}`;
}
