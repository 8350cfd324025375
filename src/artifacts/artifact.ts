import type { Tier } from './tier.ts';

/** A format that `parsers.ts` has a parser for. */
export type ParserName =
  | 'accounting'
  | 'api audit'
  | 'arp'
  | 'audit'
  | 'authorized keys'
  | 'bodyfile'
  | 'command history'
  | 'conntrack'
  | 'container log'
  | 'containerd database'
  | 'containerd status'
  | 'containers storage'
  | 'cri-o state'
  | 'container apk database'
  | 'container dpkg status'
  | 'container rpm database'
  | 'crontab'
  | 'dpkg status'
  | 'apk database'
  | 'rpm database'
  | 'package sums'
  | 'docker container'
  | 'docker log'
  | 'docker settings'
  | 'elf'
  | 'group'
  | 'interface address'
  | 'journal'
  | 'kernel symbols'
  | 'kubelet configuration'
  | 'lastlog'
  | 'lastlog2'
  | 'login session'
  | 'memory map'
  | 'modules'
  | 'mount table'
  | 'oci spec'
  | 'passwd'
  | 'podman bolt database'
  | 'podman database'
  | 'process'
  | 'routes'
  | 'routes of IPv6'
  | 'shadow'
  | 'sockets'
  | 'sshd configuration'
  | 'sudoers'
  | 'syslog'
  | 'unit'
  | 'utmp'
  | 'wtmpdb';

/** One kind of trace: what is taken, from where, and why. The collector, `show` and docs/artifacts.md all start from it. */
export interface Artifact {
  /** What an investigator calls it. */
  readonly name: string;
  readonly tier: Tier;
  /**
   * Where it is on a node. `*` is anything within a name, `**` any directories, `{a,b}` one of several, a leading `~` the
   * home of each account.
   * What has no path has the name of its output, `live_response/…`.
   */
  readonly where: readonly string[];
  /** Most bytes that are taken of one file, such as `16Mi`; of logs their end. */
  readonly limit: string;
  /** What reads it; missing for what is kept as it is. */
  readonly parser?: ParserName;
  /** What an investigator learns from it, as a sentence. */
  readonly why: string;
  /** Manual pages, sources, and techniques of MITRE ATT&CK (v18) that it tells of. */
  readonly references: readonly string[];
}

/** True when an item of an acquisition, by its name in the tar, is of the artifact. */
export function isOf(artifact: Artifact, itemName: Buffer): boolean {
  const name = itemName.toString('latin1');
  return artifact.where.some((pattern) => expression(pattern).test(name));
}

/** The pattern with each choice made: `/var/log/{wtmp,btmp}{,.1}` becomes four. */
export function withoutChoices(pattern: string): string[] {
  const choice = /\{([^{}]*)\}/.exec(pattern);
  if (choice === null) return [pattern];
  const before = pattern.slice(0, choice.index);
  const after = pattern.slice(choice.index + choice[0].length);
  return (choice[1] ?? '').split(',').flatMap((word) => withoutChoices(`${before}${word}${after}`));
}

const expressions = new Map<string, RegExp>();

function expression(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known !== undefined) return known;
  const sources = withoutChoices(pattern).map((place) =>
    (/^[/~]/.test(place) ? `[root]${place}` : place)
      .split(/(\*\*\/|[*~])/)
      .map((piece) => wild[piece] ?? piece.replace(/[\\^$+?.()|[\]{}]/g, '\\$&'))
      .join(''),
  );
  const made = new RegExp(`^(?:${sources.join('|')})$`, 's');
  expressions.set(pattern, made);
  return made;
}

const wild: Readonly<Record<string, string>> = { '*': '[^/]*', '**/': '(?:[^/]+/)*', '~': '(?:/[^/]+)+' };
