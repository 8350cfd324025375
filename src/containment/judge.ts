import { formatCount } from '../output/count.ts';
import { type Check, type Checked, type CheckInput, checksOf } from './checks.ts';
import { endpoint } from './counters.ts';
import { filters, type Level } from './level.ts';
import type { Reading } from './reading.ts';
import type { Family } from './tries.ts';

export const verdicts = ['HOLDS', 'LEAKS', 'UNVERIFIED'] as const;

export type Verdict = (typeof verdicts)[number];

/** A way by which the pod still exchanges data, or gets past one of the layers. */
export interface Leak {
  readonly flow: string;
  readonly seen: string;
  readonly why: string;
  readonly advice: string;
  /** False when it got past the layer in the pod and was stopped by the cut of the link. */
  readonly passed: boolean;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly checks: readonly Check[];
  readonly leaks: readonly Leak[];
  /** Why it is UNVERIFIED, and what else could not be seen. */
  readonly reasons: readonly string[];
}

export interface JudgeInput extends CheckInput {
  /** True when the layer in the pod was placed and stops every frame, so that none of the pod's may reach its link. */
  readonly sealed: boolean;
  /** What the level can't hold and what could not be tried, a sentence each; one prevents HOLDS. */
  readonly limits: readonly string[];
  /** Those of the pod's addresses. */
  readonly families: readonly Family[];
  readonly size: (bytes: number) => string;
}

/**
 * LEAKS when anything but a kubelet probe passed after the acts, or got past one of two layers; HOLDS when nothing did, a
 * flow of each direction and family that worked before was tried again and failed, the link is cut and nothing limits
 * what we can see; else UNVERIFIED.
 */
export function judge(input: JudgeInput): Judgement {
  const checked = checksOf(input);
  const checks = checked.map((one) => one.check);
  const leaks = checked.flatMap((one) => leaksOf(one, input, checks));
  const reasons = [...input.limits, ...unseen(input), ...missing(checks, input)];
  const verdict = leaks.length > 0 ? 'LEAKS' : reasons.length > 0 ? 'UNVERIFIED' : 'HOLDS';
  return { verdict, checks, leaks, reasons };
}

/** `12 of 12 flows that worked are blocked; 2 never worked or fell silent, not judged`. */
export function judgementText({ checks }: Judgement): string {
  const judged = checks.filter((check) => check.judged);
  const blocked = judged.filter((check) => check.after === 'fails');
  const rest = checks.filter((check) => !check.judged && check.probe !== true).length;
  const tail = rest > 0 ? `; ${rest} never worked or fell silent, not judged` : '';
  return `${blocked.length} of ${formatCount(judged.length, 'flow that worked is', 'flows that worked are')} blocked${tail}`;
}

function leaksOf({ check, passed, reached }: Checked, input: JudgeInput, all: readonly Check[]): Leak[] {
  if (check.probe === true) return [];
  if (check.after === 'works') {
    const seen =
      passed.packets > 0 ? `${input.size(passed.bytes)} in ${Math.round(input.after.seconds)}s` : 'answered';
    return [{ flow: check.flow, seen, ...cause(input.cut, check, all), passed: true }];
  }
  if (!input.sealed || reached === 0) return [];
  return [
    {
      flow: check.flow,
      seen: `${formatCount(reached, 'packet')} on the link, none beyond it`,
      why: 'the layer in the network of the pod is gone or goes around it; the cut of the link still holds',
      advice: 'look who changes rules in the pod, then release it and isolate it again',
      passed: false,
    },
  ];
}

function cause(cut: Level | undefined, leaking: Check, all: readonly Check[]): Pick<Leak, 'why' | 'advice'> {
  if (cut === undefined) {
    return {
      why: whyUncut(leaking, all),
      advice: 'cut the link too: release the pod, then isolate it without --skip cut',
    };
  }
  return filters(cut)
    ? {
        why: 'it passes the link although the link is cut',
        advice: 'look at what else changes the rules of the node, then release the pod and isolate it again',
      }
    : {
        why: `the level ${cut} can't hold it`,
        advice: 'release the pod, then isolate it with a --collector-image that has nft',
      };
}

/** New connections of ours tell whether anything enforces the policy; most networks leave established ones alone. */
function whyUncut(leaking: Check, all: readonly Check[]): string {
  const tried = all.filter((check) => check.ours === true && check.judged);
  const stopped = tried.some((check) => check.after === 'fails');
  if (stopped && leaking.ours !== true && leaking.before === 'works')
    return 'it was open before the policy, which stops only new connections';
  const passed = tried.some((check) => check.after === 'works');
  return passed && !stopped ? 'nothing enforces the policy on it' : 'the policy does not stop it';
}

/** What the measurement itself could not see. */
function unseen(input: JudgeInput): string[] {
  const { before, after, cut, tries } = input;
  const reasons = keptOpen(input).map(
    (flow) =>
      `${flow} is open since before the cut: the exception for probes lets a program of the node through too`,
  );
  if (cut === undefined) reasons.push('the link is not cut, so established connections may go on');
  if (after.counters === undefined) reasons.push('established connections could not be counted');
  else if (passesBy(before)) reasons.push(blind);
  else if (cut !== undefined) reasons.push(...pastTheRules(after, after.counters, input));
  const probes = tries.filter(
    (one, index) => one.probe && before.answers.has(index) && !after.answers.has(index),
  );
  for (const one of probes)
    reasons.push(`the kubelet's probe of port ${one.port} is cut too: the container may be restarted`);
  return reasons;
}

/**
 * Frames that the links counted and the rules did not see, which hang on the same links: a program of eBPF that came after the first
 * measurement hands them on before the hooks. The time of the rules lies around that of the links, so none of them is only late.
 */
function pastTheRules(
  { devices }: Reading,
  { link }: NonNullable<Reading['counters']>,
  { cut, tries }: JudgeInput,
): string[] {
  // Where a link joins segments of TCP (GRO), those of a probe's answer are fewer for the rules.
  const joined = tries.some((one) => one.probe) ? strayFrames : 0;
  const from = devices.from - link.tried.totals.from;
  const to = devices.to - link.passed.totals.to;
  return [
    ...(from > joined
      ? [`${formatCount(from, 'frame')} came from the pod by a way that no rule of this level sees`]
      : []),
    ...(to > (cut === 'nft full' ? 0 : strayFrames)
      ? [`${formatCount(to, 'frame')} came to the pod by a way that no rule of this level sees`]
      : []),
  ];
}

/**
 * Connections from the node to a probe port that outlived the acts. The rules can't tell them from the kubelet's, which are over
 * when their probe is.
 */
function keptOpen({ before, after, tries, sources, cut }: JudgeInput): string[] {
  if (cut === undefined) return [];
  const ports = tries.filter((one) => one.probe).map((one) => one.port);
  const open = ({ sockets }: Reading): string[] =>
    sockets
      .filter(({ state, localPort }) => state === 'ESTABLISHED' && ports.includes(localPort))
      .map((one) => ({ ...one, local: unmapped(one.localAddress), remote: unmapped(one.remoteAddress) }))
      .filter(({ remote }) => sources.node.includes(remote))
      .map(
        ({ local, localPort, remote, remotePort }) =>
          `tcp ${endpoint(remote, remotePort)} -> ${endpoint(local, localPort)}`,
      );
  const earlier = new Set(open(before));
  return [...new Set(open(after))].filter((flow) => earlier.has(flow));
}

/** A socket for both families shows IPv4 addresses as IPv6 ones (RFC 4291, 2.5.5.2). */
function unmapped(address: string): string {
  return address.replace(/^::ffff:(?=[\d.]+$)/, '');
}

const blind =
  'most packets of the link never reach the rules, as with an eBPF network: they are neither counted nor stopped there';
/** Address resolution of a link without a bridge passes no hook of IP. */
const strayFrames = 8;

/**
 * True when the link itself counted packets that the rules did not see. A packet of the link may be up to 64 of the rules'
 * and the other way round, where the network card joins segments.
 */
function passesBy({ counters, devices }: Reading): boolean {
  if (counters === undefined) return false;
  const { from, to } = counters.link.tried.totals;
  const unseenWay = (device: number, rules: number): boolean => device > strayFrames && rules * 64 < device;
  return unseenWay(devices.from, from) || unseenWay(devices.to, to);
}

/** Directions and families in which nothing could be judged. */
function missing(checks: readonly Check[], { families }: JudgeInput): string[] {
  const judged = checks.filter((check) => check.judged);
  if (judged.length === 0) return ['no flow that worked before was tried again after'];
  const ways = [
    ['out', 'out of the pod'],
    ['in', 'into the pod'],
  ] as const;
  return ways.flatMap(([direction, words]) =>
    families
      .filter((family) => !judged.some((check) => check.direction === direction && check.family === family))
      .map((family) => `no flow ${words} over ${family} that worked before was tried again after`),
  );
}
