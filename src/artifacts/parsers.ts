import { accountingRecord, parseAccounting } from './accounting.ts';
import { parseApiAudit } from './api-audit.ts';
import { parseApk } from './apk.ts';
import type { ParserName } from './artifact.ts';
import { parseAudit } from './audit.ts';
import { parseAuthorizedKeys } from './authorized-keys.ts';
import { parseBodyfile } from './bodyfile.ts';
import { parseCommandHistory } from './command-history.ts';
import { parseConntrack } from './conntrack.ts';
import { parseContainerLog } from './container-log.ts';
import { parseContainerdContainers } from './containerd-containers.ts';
import { parseContainerdStatus, parseCrioState } from './container-status.ts';
import { parseStorageRecords } from './containers-storage.ts';
import { parseCrontab } from './crontab.ts';
import { parseDockerRecord } from './docker-container.ts';
import { parseDockerHostConfig } from './docker-host-config.ts';
import { parseDockerLog } from './docker-log.ts';
import { parseDpkgStatus, parsePackageSums } from './dpkg.ts';
import { elfHeadBytes, parseElf } from './elf.ts';
import { parseGroup } from './group.ts';
import { type JournalEntry, parseJournal, unpackFields, weightOf } from './journal.ts';
import { parseKernelSymbols } from './kernel-symbols.ts';
import { parseKubeletConfiguration } from './kubelet-config.ts';
import { lastlogLayout, parseLastlog, parseOneOfLastlog, x86Lastlog } from './lastlog.ts';
import { isMalformed } from './lines.ts';
import { parseLastlog2, parseWtmpdb } from './login-database.ts';
import { parseLoginSession } from './login-session.ts';
import { parseMemoryMap } from './memory-map.ts';
import { parseModules } from './modules.ts';
import { parseMountinfo } from './mountinfo.ts';
import { parseArp, parseInterfaceAddresses, parseRoutes, parseRoutes6 } from './net-link.ts';
import { parseOciSpec } from './oci-spec.ts';
import { inContainer } from './package.ts';
import { parsePasswd } from './passwd.ts';
import { parsePodmanBolt, parsePodmanSqlite } from './podman-state.ts';
import type { RandomAccess } from './random-access.ts';
import type { RecordLayout } from './record-layout.ts';
import { parseRpm } from './rpm.ts';
import { parseShadow } from './shadow.ts';
import { parseSshdConfig } from './sshd-config.ts';
import { parseSudoers } from './sudoers.ts';
import { parseSyslog } from './syslog.ts';
import { parseUnit } from './unit.ts';
import { loginLayout, parseLogins, x86Logins } from './utmp.ts';

/** What a parser is told beside the bytes. */
export interface Place {
  /** Name of the item in the acquisition, such as `[root]/etc/crontab`. */
  readonly path: Buffer;
  /** Where the bytes begin in the file. */
  readonly offset: number;
  /** How its records lie, where the parser asks and the file tells. */
  readonly layout?: RecordLayout;
}

type Records = Iterable<object>;

/** How a format is read. Every way gives records, and `Malformed` for what is none. */
export type Parser =
  /** Piece by piece, each of whole lines. */
  | { readonly feed: 'lines'; parse(bytes: Buffer, place: Place): Records }
  /** Piece by piece, each of whole records of `unit` bytes; `layoutOf` says of a piece how they lie, or that it does not tell. */
  | {
      readonly feed: 'records';
      readonly unit: number;
      readonly layoutOf?: (piece: Buffer) => RecordLayout | undefined;
      parse(bytes: Buffer, place: Place): Records;
    }
  /** At once: files of people and programs, which are small. `most` bytes of a larger one. */
  | { readonly feed: 'whole'; readonly most: number; parse(bytes: Buffer, place: Place): Records }
  /** Here and there, with the log beside a database; `finish` is called with each record, and `weightOf` says what bytes it then holds. */
  | {
      readonly feed: 'access';
      parse(file: RandomAccess, wal: RandomAccess, path: Buffer): Records;
      finish?(record: object): Promise<object>;
      weightOf?(record: object): number;
    };

/** Formats whose records come from several files at once: see `ProcessTable` and `SocketTable`. */
export type JoinedParser = 'process' | 'sockets';

const mebibyte = 1024 * 1024;

function lined(parse: (bytes: Buffer, path: Buffer) => Records): Parser {
  return { feed: 'lines', parse: (bytes, { path }) => parse(bytes, path) };
}

function whole(parse: (bytes: Buffer, path: Buffer) => Records, most = mebibyte): Parser {
  return { feed: 'whole', most, parse: (bytes, { path }) => parse(bytes, path) };
}

/** The parser of each format that stands in one file. */
export const parsers: Readonly<Record<Exclude<ParserName, JoinedParser>, Parser>> = {
  accounting: { feed: 'records', unit: accountingRecord, parse: parseAccounting },
  'api audit': lined(parseApiAudit),
  arp: lined((bytes) => parseArp(bytes)),
  audit: lined(parseAudit),
  'authorized keys': whole(parseAuthorizedKeys),
  bodyfile: lined(parseBodyfile),
  'command history': whole(parseCommandHistory),
  conntrack: lined(parseConntrack),
  'container log': lined(parseContainerLog),
  'containerd database': { feed: 'access', parse: parseContainerdContainers },
  'containerd status': whole(parseContainerdStatus),
  'containers storage': whole(parseStorageRecords, 16 * mebibyte),
  'cri-o state': whole(parseCrioState),
  crontab: whole(parseCrontab),
  'dpkg status': whole(parseDpkgStatus, 64 * mebibyte),
  'apk database': whole(parseApk, 64 * mebibyte),
  'rpm database': { feed: 'access', parse: parseRpm },
  'container apk database': whole((bytes, path) => inContainer(parseApk(bytes), path), 64 * mebibyte),
  'container dpkg status': whole((bytes, path) => inContainer(parseDpkgStatus(bytes), path), 64 * mebibyte),
  'container rpm database': {
    feed: 'access',
    parse: (file, wal, path) => inContainer(parseRpm(file, wal), path),
  },
  'package sums': lined(parsePackageSums),
  'docker container': whole(parseDockerRecord, 4 * mebibyte),
  'docker settings': whole(parseDockerHostConfig),
  'docker log': lined(parseDockerLog),
  elf: whole(parseElf, elfHeadBytes),
  group: whole(parseGroup),
  'interface address': lined(parseInterfaceAddresses),
  journal: {
    feed: 'access',
    parse: parseJournal,
    finish: (record) => ('packed' in record ? unpackFields(record as JournalEntry) : Promise.resolve(record)),
    weightOf: (record) => ('packed' in record ? weightOf(record as JournalEntry) : 0),
  },
  'kernel symbols': lined(parseKernelSymbols),
  'kubelet configuration': whole(parseKubeletConfiguration),
  lastlog: {
    feed: 'records',
    // Divided by both lengths of a record.
    unit: 292 * 74,
    layoutOf: lastlogLayout,
    parse: (bytes, { path, layout = x86Lastlog, offset }) =>
      parseOneOfLastlog(bytes, path) ?? parseLastlog(bytes, layout, offset / layout.bytes),
  },
  lastlog2: { feed: 'access', parse: parseLastlog2 },
  'login session': whole(parseLoginSession),
  'memory map': lined(parseMemoryMap),
  modules: lined(parseModules),
  'mount table': lined(parseMountinfo),
  'oci spec': whole(parseOciSpec, 4 * mebibyte),
  passwd: whole(parsePasswd),
  'podman bolt database': { feed: 'access', parse: parsePodmanBolt },
  'podman database': { feed: 'access', parse: parsePodmanSqlite },
  routes: lined((bytes) => parseRoutes(bytes)),
  'routes of IPv6': lined(parseRoutes6),
  shadow: whole(parseShadow),
  'sshd configuration': whole(parseSshdConfig),
  sudoers: whole(parseSudoers),
  syslog: lined(parseSyslog),
  unit: whole(parseUnit),
  utmp: {
    feed: 'records',
    // Divided by both lengths of a record.
    unit: 9600,
    layoutOf: loginLayout,
    parse: (bytes, { layout = x86Logins }) => parseLogins(bytes, layout),
  },
  wtmpdb: { feed: 'access', parse: parseWtmpdb },
};

/** A record that came from a piece of a file, its offset counted from the beginning of the file. */
export function placed(record: object, offset: number): object {
  if (offset === 0) return record;
  const at = (record as { readonly offset?: unknown }).offset;
  return typeof at === 'number' || isMalformed(record) ? { ...record, offset: Number(at) + offset } : record;
}
