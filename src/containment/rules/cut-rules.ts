import type { HostLink } from '../link.ts';
import { tableNames } from '../names.ts';
import { flushes } from './count-rules.ts';
import {
  cutPriority,
  fromProbePort,
  markedProbe,
  markTable,
  neighbour,
  nodeSet,
  noted,
  noteProbe,
  outputPriority,
  probeSet,
  quoted,
  quotedAll,
  replaced,
  type RuleFamily,
  type RuleInput,
  toNodeOnly,
  toProbePort,
} from './parts.ts';

/** Every family that a cut may have a table in. */
export const cutFamilies: readonly RuleFamily[] = ['netdev', 'inet', 'bridge'];

/**
 * The cut, loaded in one transaction: on the host side of the pod's links everything is dropped in both directions but
 * what the node itself sends to probe ports, the replies to exactly those (never a bare SYN), and the address
 * resolution that needs, all of it between the pod and its node alone.
 * Where the kernel has netdev egress hooks (Linux 5.16) both directions are dropped on the link; else what goes to the
 * pod is dropped where it is handed on: by the bridge for a bridged link, by IP for any other.
 * The flow counters of `countRules`, which have to be there, are emptied afterwards, in a transaction of its own: a packet
 * that was on its way while the rules were loaded may have passed them and still be counted. Throws Error for a part that is
 * not what it should be.
 */
export function cutRules(input: RuleInput): string {
  if (input.links.length === 0) throw new Error('no link to cut');
  return [
    ...markTable(input),
    ...cutFamilies.flatMap((one) => replaced(one, tableNames(input.uid).cut)),
    ...(input.egress ? linkTable(input) : [...ingressTable(input), ...ipTable(input), ...bridgeTable(input)]),
    '# afterwards',
    ...flushes(input),
    '',
  ].join('\n');
}

function linkTable(input: RuleInput): string[] {
  const probing = input.ports.length > 0;
  const chains = input.links.flatMap((link, index) => [
    `  chain from-pod-${index} { type filter hook ingress device ${quoted(link.name)} priority ${cutPriority}; policy drop;`,
    ...(probing ? resolvable(input, link, `${fromProbePort(input)} ${noted(input, '')}`) : []),
    '  }',
    `  chain to-pod-${index} { type filter hook egress device ${quoted(link.name)} priority ${cutPriority}; policy drop;`,
    ...(probing
      ? [`    ${neighbour(input, 'to')} accept`, `    ${markedProbe(input)} ${noteProbe(input)} accept`]
      : []),
    '  }',
  ]);
  const sets = probing ? [nodeSet(input), probeSet(input)] : [];
  return [`table netdev ${tableNames(input.uid).cut} {`, ...sets, ...chains, '}'];
}

/** From the pod; the replies to probes are only candidates here, and `ipTable` drops those that nobody asked for. */
function ingressTable(input: RuleInput): string[] {
  const probing = input.ports.length > 0;
  const chains = input.links.flatMap((link, index) => [
    `  chain from-pod-${index} { type filter hook ingress device ${quoted(link.name)} priority ${cutPriority}; policy drop;`,
    ...(probing ? resolvable(input, link, fromProbePort(input)) : []),
    '  }',
  ]);
  return [
    `table netdev ${tableNames(input.uid).cut} {`,
    ...(probing ? [nodeSet(input)] : []),
    ...chains,
    '}',
  ];
}

function ipTable(input: RuleInput): string[] {
  const probing = input.ports.length > 0;
  const names = namesOf(input, (link) => link.attachment !== 'bridge');
  return [
    `table inet ${tableNames(input.uid).cut} {`,
    ...(probing
      ? [
          nodeSet(input),
          probeSet(input),
          // Before NAT, which would take a segment without its connection to any service of the node.
          `  chain prerouting { type filter hook prerouting priority ${cutPriority}; policy accept;`,
          `    ${fromProbePort(input)} ${noted(input, '!= ')} drop`,
          '  }',
        ]
      : []),
    ...(names.length > 0
      ? [
          `  chain forward { type filter hook forward priority ${cutPriority}; policy accept;`,
          `    oifname ${quotedAll(names)} drop`,
          '  }',
        ]
      : []),
    `  chain output { type filter hook output priority ${outputPriority}; policy accept;`,
    ...(probing
      ? [`    ${toProbePort(input)} ${noteProbe(input)} accept`, ...ownNeighbour(input, names)]
      : []),
    ...(names.length > 0 ? [`    oifname ${quotedAll(names)} drop`] : []),
    '  }',
    '}',
  ];
}

/** ARP does not pass the hooks of IP; neighbour discovery does. */
function ownNeighbour(input: RuleInput, names: readonly string[]): string[] {
  if (names.length === 0 || neighbour(input, 'to').startsWith('arp')) return [];
  return [`    oifname ${quotedAll(names)} ${neighbour(input, 'to')} accept`];
}

/** What a bridge hands to the pod's port: from its other ports, and what its node sends through it. */
function bridgeTable(input: RuleInput): string[] {
  const names = namesOf(input, (link) => link.attachment === 'bridge');
  if (names.length === 0) return [];
  const ports = quotedAll(names);
  const probing = input.ports.length > 0;
  return [
    `table bridge ${tableNames(input.uid).cut} {`,
    ...(probing ? [nodeSet(input)] : []),
    `  chain forward { type filter hook forward priority ${cutPriority}; policy accept;`,
    `    oifname ${ports} drop`,
    `    iifname ${ports} drop`,
    '  }',
    `  chain output { type filter hook output priority ${cutPriority}; policy accept;`,
    ...(probing
      ? [
          `    oifname ${ports} ${neighbour(input, 'to')} accept`,
          `    oifname ${ports} ${markedProbe(input)} accept`,
        ]
      : []),
    `    oifname ${ports} drop`,
    '  }',
    '}',
  ];
}

/** Accepts address resolution with the node and `answer`, as frames that only the node gets. */
function resolvable(input: RuleInput, link: HostLink, answer: string): string[] {
  return [
    `    ${neighbour(input, 'from')} ${toNodeOnly(link)}accept`,
    `    ${answer} ${toNodeOnly(link)}accept`,
  ];
}

function namesOf(input: RuleInput, which: (link: HostLink) => boolean): string[] {
  return input.links.filter(which).map((link) => link.name);
}
