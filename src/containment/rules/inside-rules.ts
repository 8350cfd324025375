import { isIPv4 } from 'node:net';
import { tableNames } from '../names.ts';
import {
  cutPriority,
  family,
  fromProbePort,
  isPlainIPv6,
  neighbour,
  nodeSet,
  quoted,
  replaced,
  type RuleFamily,
  type RuleInput,
  toProbePort,
} from './parts.ts';

/** Every family that the layer in the pod may have a table in. */
const insideFamilies: readonly RuleFamily[] = ['netdev', 'inet'];

/**
 * The second layer, in the pod's own network namespace: everything is dropped on its links in both directions but
 * probes from the node's address, their replies and the address resolution they need. Loopback is left alone.
 * With netdev egress hooks frames of raw sockets are dropped as well; without, sockets of IP are stopped and no others.
 * Throws Error for a part that is not what it should be.
 */
export function insideRules(input: RuleInput): string {
  if (input.inner.length === 0) throw new Error('the pod has no link');
  const table = tableNames(input.uid).inside;
  return [
    ...insideFamilies.flatMap((one) => replaced(one, table)),
    ...(input.egress ? linkTable(input, table) : ipTable(input, table)),
    '',
  ].join('\n');
}

function linkTable(input: RuleInput, table: string): string[] {
  const probing = input.ports.length > 0;
  const chains = input.inner.flatMap((name, index) => [
    `  chain from-pod-${index} { type filter hook egress device ${quoted(name)} priority ${cutPriority}; policy drop;`,
    ...(probing ? outward(input) : []),
    '  }',
    `  chain to-pod-${index} { type filter hook ingress device ${quoted(name)} priority ${cutPriority}; policy drop;`,
    ...(probing ? inward(input) : []),
    '  }',
  ]);
  return [`table netdev ${table} {`, ...(probing ? [nodeSet(input)] : []), ...chains, '}'];
}

function ipTable(input: RuleInput, table: string): string[] {
  const probing = input.ports.length > 0;
  const six = probing && !family(input).four;
  const chain = (hook: string, link: string, rules: readonly string[]): string[] => [
    `  chain ${hook} { type filter hook ${hook} priority ${cutPriority}; policy drop;`,
    ...(link === '' ? [] : [`    ${link} "lo" accept`]),
    ...rules.filter((rule) => six || !rule.trim().startsWith('arp')),
    '  }',
  ];
  return [
    `table inet ${table} {`,
    ...(six ? [nodeSet(input)] : []),
    ...chain('output', 'oifname', probing ? outward(input) : []),
    ...chain('input', 'iifname', probing ? inward(input) : []),
    ...chain('forward', '', []),
    '}',
  ];
}

function outward(input: RuleInput): string[] {
  return [
    `    ${neighbour(input, 'from')} accept`,
    `    ${fromProbePort(input)} ${prober(input, 'daddr')}accept`,
  ];
}

function inward(input: RuleInput): string[] {
  return [
    `    ${neighbour(input, 'to')} accept`,
    `    ${toProbePort(input)} ${prober(input, 'saddr')}accept`,
  ];
}

/** Where the kubelet's packets to the pod come from: any address of the node when that is not known. */
function prober(input: RuleInput, side: 'saddr' | 'daddr'): string {
  const { ip, four } = family(input);
  const known = input.probeSource === undefined ? input.nodeAddresses : [input.probeSource];
  const usable = known.filter((one) => (four ? isIPv4(one) : isPlainIPv6(one)));
  return usable.length === 0 ? '' : `${ip} ${side} { ${usable.join(', ')} } `;
}
