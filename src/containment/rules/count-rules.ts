import { tableNames } from '../names.ts';
import {
  fromProbePort,
  markedProbe,
  markTable,
  noted,
  noteProbe,
  outputPriority,
  probeSet,
  quoted,
  quotedAll,
  replaced,
  type RuleFamily,
  type RuleInput,
} from './parts.ts';

/** The counters lie around the drop, so that they see what was tried and what passed. */
const stages = ['tried', 'passed'] as const;
export type Stage = (typeof stages)[number];

/** As the pod sees it. */
export const directions = ['from', 'to'] as const;
export type Direction = (typeof directions)[number];

/** What a counting set holds: flows of a family, the rest of IP by protocol, what is not IP. */
const contents = ['4', '6', 'other', 'frames'] as const;
export type Contents = (typeof contents)[number];

/** Before and after the cut, whose priority is -500, or `outputPriority` for what the node itself sends. */
const priorities: Readonly<Record<Stage, number>> = { tried: -600, passed: -400 };
const around: Readonly<Record<Stage, number>> = { tried: outputPriority - 5, passed: outputPriority + 5 };

/** Flows told apart per set; more are counted together under their protocol. */
const flowLimit = 2048;

/** Name of a counting set. */
export function counterSet(stage: Stage, direction: Direction, what: Contents): string {
  return `${stage}-${direction}-${what}`;
}

/** Name of the counter of everything that one place sees. */
export function totalCounter(stage: Stage, direction: Direction): string {
  return `${stage}-${direction}`;
}

/** One table of counters and what it counts. */
interface CountTable {
  readonly family: RuleFamily;
  readonly counted: readonly (readonly [Stage, Direction])[];
  readonly chains: (stage: Stage, direction: Direction) => readonly Hook[];
  /** Rules that leave out the kubelet's probes. */
  readonly probes: (direction: Direction) => readonly string[];
}

interface Hook {
  readonly name: string;
  readonly text: string;
  /** Rules before any other, such as one that leaves out other links. */
  readonly first: readonly string[];
}

/**
 * Counters of what the pod sends and gets on the host side of its links, before the cut's place (`tried`) and after it
 * (`passed`). The kubelet's probes, ARP and neighbour discovery are in the totals only.
 */
export function countRules(input: RuleInput): string {
  return [...markTable(input), ...linkTables(input).flatMap((table) => tableText(table, input)), ''].join(
    '\n',
  );
}

/** Counters of what the pod tries to send, on its own side of the links, before the second layer's place. */
export function insideCountRules(input: RuleInput): string {
  return [...tableText(insideTable(input), input), ''].join('\n');
}

/** Families of the tables that `countRules` and `insideCountRules` make. */
export function countFamilies(input: RuleInput): {
  readonly link: readonly RuleFamily[];
  readonly inside: readonly RuleFamily[];
} {
  const inside = input.inner.length > 0 ? [insideTable(input).family] : [];
  return { link: linkTables(input).map((table) => table.family), inside };
}

/** Empties the counters of the link, or those of one stage and direction. */
export function flushes(input: RuleInput, only?: readonly [Stage, Direction]): string[] {
  return linkTables(input).flatMap((table) => flushesOf(table, input, only));
}

/** Empties the counters in the pod. */
export function insideFlushes(input: RuleInput): string[] {
  return flushesOf(insideTable(input), input);
}

function flushesOf(
  { family, counted }: CountTable,
  { uid }: RuleInput,
  only?: readonly [Stage, Direction],
): string[] {
  const wanted = counted.filter(
    ([stage, side]) => only === undefined || (stage === only[0] && side === only[1]),
  );
  return wanted.flatMap(([stage, side]) =>
    contentsOf(family).map(
      (what) => `flush set ${family} ${tableNames(uid).count} ${counterSet(stage, side, what)}`,
    ),
  );
}

function linkTables(input: RuleInput): CountTable[] {
  const from = stages.map((stage) => [stage, 'from'] as const);
  const to = stages.map((stage) => [stage, 'to'] as const);
  const device = (stage: Stage, direction: Direction): Hook[] =>
    input.links.map(({ name }, index) => ({
      name: `${stage}-${direction}-${index}`,
      text: `${direction === 'from' ? 'ingress' : 'egress'} device ${quoted(name)} priority ${priorities[stage]}`,
      first: [],
    }));
  if (input.egress) {
    const probes = (direction: Direction): string[] => [
      direction === 'from'
        ? `${fromProbePort(input)} ${noted(input, '')} return`
        : `${markedProbe(input)} ${noteProbe(input)} return`,
    ];
    return [{ family: 'netdev', counted: [...from, ...to], chains: device, probes }];
  }
  const named = (bridged: boolean): string[] =>
    input.links.filter((link) => (link.attachment === 'bridge') === bridged).map((link) => link.name);
  const handedOn = (family: 'inet' | 'bridge', names: readonly string[]): CountTable[] => {
    if (names.length === 0) return [];
    const first = [`oifname != ${quotedAll(names)} return`];
    const chains = (stage: Stage): Hook[] => [
      { name: `${stage}-forward`, text: `forward priority ${priorities[stage]}`, first },
      {
        name: `${stage}-output`,
        text: `output priority ${family === 'inet' ? around[stage] : priorities[stage]}`,
        first,
      },
    ];
    return [{ family, counted: to, chains, probes: () => [`${markedProbe(input)} return`] }];
  };
  const candidates = (): string[] => [`${fromProbePort(input)} return`];
  return [
    { family: 'netdev', counted: from, chains: device, probes: candidates },
    ...handedOn('inet', named(false)),
    ...handedOn('bridge', named(true)),
  ];
}

function insideTable(input: RuleInput): CountTable {
  const probes = (): string[] => [`${fromProbePort(input)} return`];
  const counted = [['tried', 'from']] as const;
  if (!input.egress) {
    const text = `output priority ${priorities.tried}`;
    const chains = (): Hook[] => [{ name: 'tried-from', text, first: ['oifname "lo" return'] }];
    return { family: 'inet', counted, chains, probes };
  }
  const chains = (): Hook[] =>
    input.inner.map((name, index) => ({
      name: `tried-from-${index}`,
      text: `egress device ${quoted(name)} priority ${priorities.tried}`,
      first: [],
    }));
  return { family: 'netdev', counted, chains, probes };
}

function tableText({ family, counted, chains, probes }: CountTable, input: RuleInput): string[] {
  const { count } = tableNames(input.uid);
  const probing = input.ports.length > 0;
  return [
    ...replaced(family, count),
    `table ${family} ${count} {`,
    ...(probing && family === 'netdev' ? [probeSet(input)] : []),
    ...counted.map(([stage, direction]) => `  counter ${totalCounter(stage, direction)} { }`),
    ...counted.flatMap(([stage, direction]) => setsText(family, stage, direction)),
    ...counted.flatMap(([stage, direction]) =>
      chains(stage, direction).flatMap(({ name, text, first }) => [
        `  chain ${name}-chain { type filter hook ${text}; policy accept;`,
        ...first.map((rule) => `    ${rule}`),
        `    counter name "${totalCounter(stage, direction)}"`,
        ...(probing ? probes(direction).map((rule) => `    ${rule}`) : []),
        ...counting(family, stage, direction),
        '  }',
      ]),
    ),
    '}',
  ];
}

function counting(family: RuleFamily, stage: Stage, direction: Direction): string[] {
  const flow = (ip: 'ip' | 'ip6', what: '4' | '6'): string =>
    `    meta protocol ${ip} meta l4proto { tcp, udp } update @${counterSet(stage, direction, what)} { ${ip} saddr . meta l4proto . th sport . ${ip} daddr . th dport counter } return`;
  return [
    ...(family === 'inet' ? [] : ['    meta protocol arp return']),
    '    meta protocol ip6 icmpv6 type { 133-137, 143 } return',
    flow('ip', '4'),
    flow('ip6', '6'),
    `    meta protocol { ip, ip6 } update @${counterSet(stage, direction, 'other')} { meta protocol . meta l4proto counter } return`,
    ...(family === 'inet'
      ? []
      : [`    update @${counterSet(stage, direction, 'frames')} { meta protocol counter }`]),
  ];
}

function setsText(family: RuleFamily, stage: Stage, direction: Direction): string[] {
  const flow = (ip: string): string =>
    `ipv${ip}_addr . inet_proto . inet_service . ipv${ip}_addr . inet_service`;
  const kinds = {
    '4': flow('4'),
    '6': flow('6'),
    other: 'ether_type . inet_proto',
    frames: 'ether_type',
  } as const;
  return contentsOf(family).map(
    (what) =>
      `  set ${counterSet(stage, direction, what)} { type ${kinds[what]}; size ${flowLimit}; flags dynamic; }`,
  );
}

/** The hooks of IP see nothing else. */
function contentsOf(family: RuleFamily): readonly Contents[] {
  return family === 'inet' ? ['4', '6', 'other'] : contents;
}
