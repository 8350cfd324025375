import { filters, type Level } from './level.ts';
import { type HostLink, linksIn, type PodLink } from './link.ts';
import { type RuleFamily } from './rules/parts.ts';
import { cutFamilies } from './rules/cut-rules.ts';
import { textLines } from './sections.ts';

/** Which links a pod has when a measurement ends, and where the rules of its cut are then. */
export interface Coverage extends Pick<PodLink, 'links' | 'uncut'> {
  /** Hooks at which everything on a link is dropped that is not excepted, as `LINK ingress`. */
  readonly hooks: ReadonlySet<string>;
  /** Families in which the cut has a table. */
  readonly tables: ReadonlySet<RuleFamily>;
}

/** What flows.sh printed of links and cut; of tables that are not there nothing. */
export function coverageOf(parts: ReadonlyMap<string, Buffer>): Coverage {
  const tables = cutFamilies.map((family) => [family, textLines(parts.get(`cut-${family}`))] as const);
  return {
    ...linksIn(parts),
    tables: new Set(tables.flatMap(([family, lines]) => (lines.some((line) => line !== '') ? [family] : []))),
    hooks: new Set(tables.flatMap(([, lines]) => lines.flatMap(hooksIn))),
  };
}

/**
 * A chain as `nft list table` begins it, after its name: `type filter hook ingress device "veth1" priority -500; policy drop;`, or
 * `devices = { "veth1", "veth2" }` for several. The JSON of nft 1.0.6 leaves out devices.
 */
function hooksIn(line: string): string[] {
  const [, hook = '', devices = ''] =
    /^\s*type filter hook (ingress|egress) devices? (.*) priority [^;]*; policy drop;/.exec(line) ?? [];
  return [...devices.matchAll(/"([\w.-]{1,15})"/g)].map(([, name = '']) => `${name} ${hook}`);
}

/**
 * Links of the pod that its cut does not cover, a sentence each. Who has CAP_NET_ADMIN in the pod can make one to its node at any
 * time, or move the node's side of one away and back, which takes the rules off it (nft_netdev_event, net/netfilter/nft_chain_filter.c
 * of the kernel); who loads the rules of the node anew may take ours with them.
 */
export function uncovered(level: Level, { egress }: Pick<PodLink, 'egress'>, now: Coverage): string[] {
  if (!filters(level)) return [];
  return now.links
    .filter((link) => !covers(now, link, egress))
    .map(({ name }) => `link ${name} leads from the node to the pod, and no whole cut is on it by now`);
}

/** See `cutRules`. */
function covers({ hooks, tables }: Coverage, { name, attachment }: HostLink, egress: boolean): boolean {
  const toPod = egress
    ? hooks.has(`${name} egress`)
    : tables.has(attachment === 'bridge' ? 'bridge' : 'inet');
  return hooks.has(`${name} ingress`) && toPod;
}
