import { artifactOf } from '../artifacts/catalogue.ts';
import type { ParserName } from '../artifacts/artifact.ts';

/** How an item is read for the rules: record by record, its bytes up to a limit, or a journal's numbers. */
export type Wanted =
  | { readonly as: 'records'; readonly parser: RecordParser }
  | { readonly as: 'bytes'; readonly limit: number }
  /** The numbers of a journal's entries. */
  | { readonly as: 'journal' };

/** Formats whose records rules read. */
const recordParsers = [
  'mount table',
  'modules',
  'bodyfile',
  'utmp',
  'audit',
  'oci spec',
  'kubelet configuration',
  'package sums',
  'apk database',
  'rpm database',
] as const satisfies readonly ParserName[];

export type RecordParser = (typeof recordParsers)[number];

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/** Names of items whose bytes are read, with the most of them. */
const texts: readonly (readonly [RegExp, number])[] = [
  [
    /^\[root\]\/proc\/[0-9]+\/(?:stat|status|cmdline|cgroup|net\/(?:tcp6?|udp6?|packet|raw6?))$/,
    16 * mebibyte,
  ],
  [/^\[root\]\/proc\/(?:stat|uptime|cpuinfo|net\/(?:tcp6?|udp6?|packet|raw6?))$/, 16 * mebibyte],
  [/^\[root\]\/proc\/[0-9]+\/(?:environ|fdinfo\/[0-9]+)$/, 256 * kibibyte],
  [
    /^\[root\]\/proc\/sys\/(?:kernel\/(?:core_pattern|modprobe|tainted|pid_max)|fs\/binfmt_misc\/[^/]+)$/,
    64 * kibibyte,
  ],
  [
    /^\[root\]\/sys\/(?:kernel\/uevent_helper|fs\/cgroup\/(?:.*\/)?release_agent|module\/[^/]+\/initstate)$/,
    64 * kibibyte,
  ],
  [
    /^live_response\/process\/(?:executables|descriptor_mounts|second_look|cgroup_pids|answering_pids)\.txt$/,
    64 * mebibyte,
  ],
  [/^live_response\/system\/module_symbols\.txt$/, mebibyte],
  [/^live_response\/kubernetes\/(?:kubelet\/)?pods(?:-before)?(?:-[0-9]+)?\.json$/, 64 * mebibyte],
  [
    /^live_response\/kubernetes\/(?:pods\/[^/]+|(?:cluster)?role(?:binding)?s(?:-[0-9]+|\/[^/]+)?)\.json$/,
    64 * mebibyte,
  ],
  [/^live_response\/kubernetes\/(?:services|endpointslices|node)(?:-[0-9]+)?\.json$/, 64 * mebibyte],
  [/^live_response\/packages\/programs\.(?:md5|sha1|sha256)$/, 64 * mebibyte],
  [/^live_response\/pod-diff\.json$/, 64 * mebibyte],
  [/^\[root\]\/var\/lib\/dpkg\/diversions$/, 16 * mebibyte],
  [
    /^\[root\]\/etc\/(?:ld\.so\.preload|crontab|cron\.[^/]+\/[^/]+|rc\.(?:d\/.*|local)|profile|bash\.bashrc|environment)$/,
    mebibyte,
  ],
  [
    /^\[root\]\/etc\/(?:profile\.d|crontabs|local\.d|udev\/rules\.d|pam\.d|modules-load\.d)\/[^/]+$/,
    mebibyte,
  ],
  [/^\[root\]\/etc\/systemd\/(?:system|user)\/.*$/, mebibyte],
  [/^\[root\]\/etc\/kubernetes\/manifests\/[^/]+$/, mebibyte],
  [/^\[root\]\/var\/spool\/(?:cron|at)\/.*$/, mebibyte],
  [
    /^\[root\]\/(?:root|home\/[^/]+)\/\.(?:bashrc|profile|bash_profile|ssh\/(?:authorized_keys2?|rc|environment))$/,
    mebibyte,
  ],
];

/** What of an item rules read, by its name in the tar, one byte per character; undefined when none does. */
export function wantedOf(name: string): Wanted | undefined {
  const text = texts.find(([pattern]) => pattern.test(name));
  if (text !== undefined) return { as: 'bytes', limit: text[1] };
  if (isJournal(name)) return { as: 'journal' };
  // Names of units and sums are many; the catalogue need not be asked for what is surely something else.
  if (name.startsWith('[root]/proc/') && !name.endsWith('/mountinfo') && name !== '[root]/proc/modules')
    return undefined;
  const parser = artifactOf(Buffer.from(name, 'latin1'))?.parser;
  return parser !== undefined && isRecordParser(parser) ? { as: 'records', parser } : undefined;
}

/** True for the files of journald. */
export function isJournal(name: string): boolean {
  return /^\[root\]\/(?:var|run)\/log\/journal\/.*\.journal~?$/s.test(name);
}

/** True for programs' digests, which are read before the sums of packages so that only theirs are kept. */
export function isFirst(name: string): boolean {
  return name.startsWith('live_response/packages/programs.');
}

function isRecordParser(parser: ParserName): parser is RecordParser {
  return (recordParsers as readonly ParserName[]).includes(parser);
}
