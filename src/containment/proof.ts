import type { Collector } from '../collector/collector.ts';
import type { ProbePods } from '../collector/probe-pods.ts';
import { OperationError } from '../output/errors.ts';
import { formatSize } from '../output/size.ts';
import { uncovered } from './coverage.ts';
import { processesElsewhere } from './elsewhere.ts';
import { judge, type Judgement } from './judge.ts';
import { filters, type Level, limitsOf } from './level.ts';
import type { PodLink } from './link.ts';
import { failed, removeInside, unloadTables } from './node-side.ts';
import { type OpenedMeasurement, reachScript } from './opened-measurement.ts';
import type { KnownPeers } from './peers.ts';
import { probePorts } from './probes.ts';
import { answersOf, readFlows, type Reading, type ReadOptions } from './reading.ts';
import { countFamilies, countRules, flushes, insideCountRules, insideFlushes } from './rules/count-rules.ts';
import type { RuleInput } from './rules/parts.ts';
import { reachText } from './stops.ts';
import type { Subject } from './subject.ts';
import {
  type Answer,
  familyOf,
  listeningPorts,
  type Try,
  triedText,
  triesFor,
  tryLine,
  type Vantage,
} from './tries.ts';

/** What a proof is made with. */
export interface ProofInput {
  readonly collector: Collector;
  readonly subject: Subject;
  readonly peers: KnownPeers;
  readonly link: PodLink;
  readonly rules: RuleInput;
  /** How the link can be cut; undefined when there is nothing to cut. */
  readonly level: Level | undefined;
  readonly pods: ProbePods;
  /** Execs for the first measurement, if they were opened ahead for `beforeSeconds`. */
  readonly opened?: OpenedMeasurement;
}

/** What has been placed when a proof is asked for. */
export interface Standing {
  /** The level of the cut, when it was placed. */
  readonly cut: Level | undefined;
  /** True when the layer in the pod was placed. */
  readonly inside: boolean;
}

/** A judgement, and what has to be reported with it. */
export interface Proven extends Judgement {
  /** What was not tried, and why. */
  readonly gaps: readonly string[];
}

/** How long flows are tried before the acts, in seconds; all at the same time. */
export const beforeSeconds = 0.3;
/** How long the link has to be silent after the acts, in seconds: long enough for a TCP retransmission (RFC 6298). */
export const afterSeconds = 1;

/** Longer than a runtime takes to move a process that it starts into its container. */
const elsewhereSeconds = 0.5;

/** Measures which flows work before the acts and, as often as asked, whether they are blocked afterwards. */
export class Proof {
  readonly #input: ProofInput;
  readonly #tries: readonly Try[];
  readonly #counting: ReadOptions['counting'];
  #before: Reading | undefined;
  #judged = false;
  readonly #gaps: string[];

  constructor(input: ProofInput) {
    const { subject, link, rules, peers, pods } = input;
    this.#input = input;
    this.#gaps = [...pods.gaps, ...(subject.reach.length > 0 ? [reachText(subject)] : [])];
    this.#tries = triesFor(
      peers,
      {
        addresses: subject.addresses,
        ports: subject.ports,
        probePorts: probePorts(subject.probes),
        linkLocal: link.linkLocal,
      },
      pods,
    );
    this.#counting = filters(input.level) ? countFamilies(rules) : { link: [], inside: [] };
  }

  /** Places the counters and measures which flows work. */
  async measure(signal: AbortSignal): Promise<void> {
    const { rules } = this.#input;
    const place = (): { readonly link: string; readonly inside: string } => ({
      link: countRules(rules),
      inside: this.#counting.inside.length > 0 ? insideCountRules(rules) : '',
    });
    const { gaps, ...before } = await this.#read(beforeSeconds, signal, place, {
      opened: this.#input.opened,
    });
    this.#gaps.push(...gaps);
    this.#before = before;
  }

  /**
   * The same for an isolation that an earlier run placed. It must not be opened to measure what worked before, so `worked`, the
   * flows (as text) that worked in the first proof, takes the place of that measurement.
   */
  async measureStanding(worked: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    await this.measure(signal);
    if (this.#before === undefined) return;
    // No cut will empty the counters, and they may hold the answer to a probe that was on its way when they were placed.
    this.#judged = true;
    const answers = this.#tries.flatMap((one, number): [number, Answer][] =>
      worked.has(triedText(one)) ? [[number, 'connected']] : [],
    );
    this.#before = { ...this.#before, answers: new Map(answers) };
  }

  /** Measures again and judges. `measure` must have been called before. */
  async judge(standing: Standing, signal: AbortSignal): Promise<Proven> {
    const { subject, link, pods } = this.#input;
    const before = this.#before;
    if (before === undefined) throw new Error('flows are judged that were not measured before');
    const [after, elsewhere] = await Promise.all([
      this.#read(afterSeconds, signal, () => this.#emptied(standing), {
        covered: standing.cut !== undefined,
      }),
      this.#elsewhere(signal),
    ]);
    this.#judged = true;
    const limits =
      standing.cut === undefined ? [] : limitsOf(standing.cut, link, this.#input.rules.ports.length > 0);
    const { coverage } = after;
    const uncut = new Set([...link.uncut, ...(coverage?.uncut ?? [])]);
    const judgement = judge({
      before,
      after,
      tries: this.#tries,
      sources: { node: [...new Set([...link.nodeAddresses, ...this.#input.peers.node])], probers: pods },
      listening: listeningPorts(before.sockets, subject.addresses),
      cut: standing.cut,
      sealed: this.#sealed(standing),
      limits: [
        ...limits.map((text) => `the level ${standing.cut ?? ''} can't hold ${text}`),
        ...elsewhere,
        ...(standing.cut === undefined || coverage === undefined
          ? []
          : uncovered(standing.cut, link, coverage)),
        ...[...uncut].map((name) => `link ${name} of the pod has no side on the host that could be cut`),
      ],
      families: [...new Set(subject.addresses.map(familyOf))],
      size: formatSize,
    });
    return { ...judgement, gaps: [...this.#gaps, ...after.gaps] };
  }

  /** True when the layer in the pod stops every frame. */
  #sealed({ inside }: Standing): boolean {
    return inside && this.#input.level === 'nft full';
  }

  /**
   * Rules that empty the counters before a verdict. For the first verdict the acts did so when they were placed, and everything
   * since then counts: a connection that is cut retransmits ever more rarely (RFC 6298, 5.5), and would often be found silent.
   */
  #emptied(standing: Standing): { readonly link: string; readonly inside: string } {
    const { rules } = this.#input;
    const first = !this.#judged && standing.cut !== undefined;
    // What reached the pod's link before the layer inside it was placed says nothing about that layer.
    const link = !first ? flushes(rules) : this.#sealed(standing) ? flushes(rules, ['tried', 'from']) : [];
    const counted = this.#counting.inside.length > 0;
    const inside = counted && !(first && standing.inside) ? insideFlushes(rules) : [];
    return { link: link.join('\n'), inside: inside.join('\n') };
  }

  /** Processes of the pod in another network, a sentence each. Not being able to look prevents HOLDS as well. */
  async #elsewhere(signal: AbortSignal): Promise<string[]> {
    const { collector, link } = this.#input;
    try {
      return await processesElsewhere(collector, link, { seconds: elsewhereSeconds, signal });
    } catch (error) {
      if (signal.aborted || !(error instanceof OperationError)) throw error;
      return [`whether processes of the pod are in another network is not known: ${error.message}`];
    }
  }

  /** Removes the counters. */
  async close(signal: AbortSignal): Promise<void> {
    if (this.#counting.link.length === 0) return;
    const { collector, rules } = this.#input;
    await Promise.all([
      unloadTables(collector, rules.uid, ['count'], signal),
      removeInside(collector, rules.uid, ['count'], signal),
    ]);
  }

  async #read(
    seconds: number,
    signal: AbortSignal,
    rules: () => { readonly link: string; readonly inside: string },
    {
      opened,
      covered = false,
    }: { readonly opened?: OpenedMeasurement | undefined; readonly covered?: boolean },
  ): Promise<Reading & Pick<Proven, 'gaps'>> {
    const { collector, link, subject, pods } = this.#input;
    const counted = this.#counting.link.length > 0;
    const vantages = ['near', 'far'] as const;
    const [reading, ...reached] = await Promise.all([
      readFlows(collector, link, {
        uid: subject.uid,
        seconds,
        counting: this.#counting,
        ...(counted ? { rules: rules() } : {}),
        tries: this.#tries,
        covered,
        opened: opened?.flows,
        signal,
      }),
      ...vantages.map((from) => this.#reach(from, pods[from], seconds, signal, opened)),
    ]);
    const answers = reached.flatMap((all) => (typeof all === 'string' ? [] : [...all]));
    return {
      ...reading,
      answers: new Map([...reading.answers, ...answers]),
      untried: vantages.filter((_, index) => typeof reached[index] === 'string'),
      gaps: reached.filter((all) => typeof all === 'string'),
    };
  }

  /** Answers to the tries of one probe pod; when they could not be made, why not, which is a gap. */
  async #reach(
    from: Vantage,
    pod: ProbePods[Vantage],
    seconds: number,
    signal: AbortSignal,
    opened?: OpenedMeasurement,
  ): Promise<Map<number, Answer> | string> {
    const lines = this.#tries.flatMap((one, number) => (one.from === from ? [tryLine(one, number)] : []));
    if (pod === undefined || lines.length === 0) return new Map();
    try {
      const input = Buffer.from(`${lines.join('\n')}\n`);
      const answer = await (opened?.reach.get(pod.pod)?.run(input, signal) ??
        pod.call(reachScript(), [String(seconds)], { input, signal }));
      if (answer.exitCode !== 0) throw failed('make tries', pod.node, answer);
      return answersOf(answer.stdout);
    } catch (error) {
      if (signal.aborted || !(error instanceof OperationError)) throw error;
      return `no try from node ${pod.node}: ${error.message}`;
    }
  }
}
