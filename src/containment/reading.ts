import { type ByteOrder, byteOrderOf } from '../artifacts/byte-order.ts';
import { type InetSocket, parseInet } from '../artifacts/net-inet.ts';
import type { Collector } from '../collector/collector.ts';
import { openAhead, type WaitingCall } from '../collector/waiting-call.ts';
import { type Counters, noCounters, parseCounters } from './counters.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import type { PodLink } from './link.ts';
import { tableNames } from './names.ts';
import type { Script } from '../collector/script.ts';
import { changedNamespace, composed, failed } from './node-side.ts';
import { cutFamilies } from './rules/cut-rules.ts';
import type { RuleFamily } from './rules/parts.ts';
import { sections, textLines } from './sections.ts';
import { type Answer, type Try, tryLine } from './tries.ts';

/** Socket tables of a pod with very many sockets, and counters of thousands of flows. */
const outputLimit = 16 * 1024 * 1024;

/** What was measured in one window. */
export interface Reading {
  readonly seconds: number;
  /** What the rules counted: on the host side of the links, and in the pod; missing without nft. */
  readonly counters?: { readonly link: Counters; readonly inside: Counters };
  /** Packets that the host sides of the links themselves counted: those of the pod, and those to it. */
  readonly devices: { readonly from: number; readonly to: number };
  /** Where the cut was when the window ended, when that was asked. */
  readonly coverage?: Coverage;
  /** The tries that were answered, by their number. */
  readonly answers: ReadonlyMap<number, Answer>;
  /** From where no try could be made, although some were wanted: nothing is known of them. */
  readonly untried: readonly Try['from'][];
  /** The pod's sockets when the window began. */
  readonly sockets: readonly InetSocket[];
}

export interface ReadOptions {
  readonly uid: string;
  readonly seconds: number;
  /** Where tables of counters are. */
  readonly counting: { readonly link: readonly RuleFamily[]; readonly inside: readonly RuleFamily[] };
  /** True when the cut of the links is to be looked at too. */
  readonly covered?: boolean;
  /** Rules to load first. */
  readonly rules?: { readonly link: string; readonly inside: string };
  readonly tries: readonly Try[];
  /** What it is read by, when that was opened ahead for as many seconds. */
  readonly opened?: WaitingCall | undefined;
  readonly signal: AbortSignal;
}

/** Opens ahead what measures for `seconds`, before it is known where. */
export function openReading(collector: Collector, seconds: number): WaitingCall {
  return openAhead((...all) => collector.call(...all), flowsScript(), [String(seconds)], outputLimit);
}

function flowsScript(): Script {
  return composed('tries', 'pod-space', 'pod-links', 'flows');
}

/** Measures for `seconds` what flows over the pod's links, and makes the tries that begin in the pod or on its node. */
export async function readFlows(collector: Collector, link: PodLink, options: ReadOptions): Promise<Reading> {
  const { seconds, counting, signal } = options;
  const input = Buffer.from(inputText(link, options));
  const answer = await (options.opened?.run(input, signal) ??
    collector.call(flowsScript(), [String(seconds)], { input, limit: outputLimit, signal }));
  if (answer.exitCode === 3) throw changedNamespace();
  if (answer.exitCode !== 0) throw failed('count flows', collector.identity.node, answer);
  const parts = sections(answer.stdout);
  const counted = counting.link.length > 0;
  const order = byteOrderOf(parts.get('cpuinfo') ?? Buffer.alloc(0));
  return {
    seconds,
    ...(counted
      ? {
          counters: {
            link: countersOf(parts, 'link', counting),
            inside: countersOf(parts, 'inside', counting),
          },
        }
      : {}),
    devices: devicesOf(parts),
    ...(options.covered === true ? { coverage: coverageOf(parts) } : {}),
    answers: answersOf(parts.get('answers')),
    untried: [],
    sockets: (['tcp', 'tcp6', 'udp', 'udp6'] as const).flatMap((name) => socketsOf(parts.get(name), order)),
  };
}

function inputText(link: PodLink, { rules, counting, uid, tries, covered }: ReadOptions): string {
  const { pid, namespace, words, links } = link;
  const { count, cut } = tableNames(uid);
  const tables = (['link', 'inside'] as const).flatMap((place) =>
    counting[place].map((family) => `${place} ${family} ${count}`),
  );
  const own = tries.flatMap((one, number) => {
    if (one.from !== 'pod' && one.from !== 'node') return [];
    return [tryLine(one, number, one.from)];
  });
  return [
    ...['== pod', `pid ${pid}`, `space ${namespace}`],
    ...words.map((word) => `word ${word}`),
    ...links.map(({ name }) => `link ${name}`),
    ...(rules === undefined ? [] : ['== link', rules.link, '== inside', rules.inside]),
    ...[
      '== tables',
      ...tables,
      ...(covered === true ? cutFamilies.map((family) => `cut ${family} ${cut}`) : []),
    ],
    ...['== tries', ...own, ''],
  ].join('\n');
}

function countersOf(
  parts: ReadonlyMap<string, Buffer>,
  place: 'link' | 'inside',
  counting: ReadOptions['counting'],
): Counters {
  return counting[place].reduce((all, family) => {
    const now = parts.get(`${place}-${family}`);
    const earlier = parts.get(`${place}-${family}-before`);
    return now === undefined ? all : parseCounters(now, earlier, all);
  }, noCounters);
}

function devicesOf(parts: ReadonlyMap<string, Buffer>): Reading['devices'] {
  const sums = (name: string): [number, number] =>
    textLines(parts.get(name)).reduce<[number, number]>(
      ([from, to], line) => {
        const [, received = '0', sent = '0'] = /^(\d{1,20}) (\d{1,20})$/.exec(line) ?? [];
        return [from + Number(received), to + Number(sent)];
      },
      [0, 0],
    );
  const [fromBefore, toBefore] = sums('devices-before');
  const [from, to] = sums('devices');
  return { from: from - fromBefore, to: to - toBefore };
}

/** Lines `NUMBER connected|refused`; anything else is left out. */
export function answersOf(part: Buffer | undefined): Map<number, Answer> {
  return new Map(
    textLines(part).flatMap((line): [number, Answer][] => {
      const [, number, answer] = /^(\d{1,4}) (connected|refused)$/.exec(line) ?? [];
      return answer === 'connected' || answer === 'refused' ? [[Number(number), answer]] : [];
    }),
  );
}

function socketsOf(table: Buffer | undefined, order: ByteOrder): InetSocket[] {
  return [...parseInet(table ?? Buffer.alloc(0), order)].flatMap((row) => ('malformed' in row ? [] : [row]));
}
