import { JournalNumbers } from '../../src/artifacts/journal-numbers.ts';
import { parsers } from '../../src/artifacts/parsers.ts';
import type { Match, Source } from '../../src/findings/finding.ts';
import type { Need } from '../../src/findings/need.ts';
import type { Rule } from '../../src/findings/rule.ts';
import { TraceBook } from '../../src/findings/trace-book.ts';
import type { NodeTraces } from '../../src/findings/traces.ts';
import { isFirst, wantedOf } from '../../src/findings/wanted.ts';

/** What an item holds: content, the target of a link, or content with what lstat and the hasher said. */
export type Content =
  | string
  | Buffer
  | { readonly target: string }
  | {
      readonly bytes: string;
      readonly modified?: number;
      readonly changed?: number;
      readonly sha256?: string;
      readonly cut?: true;
    };
export type Items = Readonly<Record<string, Content>>;

/** A container of pod `prod/web` with its pod's uid. */
export const web = { id: 'a'.repeat(64), pod: '11111111-2222-3333-4444-555555555555' } as const;
/** A container of another pod, `kube-system/agent`. */
export const agent = { id: 'b'.repeat(64), pod: '99999999-8888-7777-6666-555555555555' } as const;

const ordinaryCaps = '00000000a80425fb';
/** What containerd gives to a container that asks for nothing. */
const ordinaryNames = [
  ...['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP', 'NET_BIND_SERVICE'],
  ...['NET_RAW', 'SYS_CHROOT', 'MKNOD', 'AUDIT_WRITE', 'SETFCAP'],
];
const allCaps = '000001ffffffffff';

export interface ProcessFacts {
  readonly in?: { readonly id: string; readonly pod: string };
  readonly cgroup?: string;
  readonly ppid?: number;
  readonly comm?: string;
  readonly args?: readonly string[];
  readonly exe?: string;
  /** Links of its program's file; 0 when it has none. */
  readonly links?: number;
  readonly root?: string;
  readonly caps?: string;
  readonly seccomp?: number;
  readonly tracer?: number;
  readonly flags?: number;
  /** Clock ticks in its own code, and in the kernel for it. */
  readonly ticks?: readonly [number, number];
  /** Seconds after boot. */
  readonly started?: number;
  readonly namespaces?: Readonly<Partial<Record<'mnt' | 'pid' | 'net' | 'ipc' | 'user', number>>>;
  readonly fd?: Readonly<Record<number, string>>;
  readonly environ?: readonly string[];
  readonly mounts?: string;
}

/** Namespaces of the node; of a container they are its own numbers. */
export const nodeNamespaces = { mnt: 100, pid: 101, net: 102, ipc: 103, user: 104 } as const;
const containerNamespaces = { mnt: 200, pid: 201, net: 202, ipc: 203, user: 104 } as const;

/** The files of a process as a collector sends them. */
export function processItems(pid: number, facts: ProcessFacts = {}): Record<string, Content> {
  const { args = ['/bin/app'], exe = '/bin/app', comm = 'app', caps, seccomp, in: container } = facts;
  const place = `[root]/proc/${pid}`;
  const cgroup =
    facts.cgroup ??
    (container === undefined ? '/system.slice/x.service' : `/kubepods/pod${container.pod}/${container.id}`);
  const namespaces = {
    ...(container === undefined ? nodeNamespaces : containerNamespaces),
    ...facts.namespaces,
  };
  const mask = caps ?? (container === undefined ? allCaps : ordinaryCaps);
  const stat = [
    `${pid} (${comm}) S ${facts.ppid ?? 1} ${pid} ${pid} 0 -1 ${facts.flags ?? 4194304}`,
    `0 0 0 0 ${(facts.ticks ?? [1, 1]).join(' ')} 0 0 20 0 1 0`,
    `${(facts.started ?? 500) * 100} 0 0`,
  ].join(' ');
  return {
    [`${place}/stat`]: `${stat}\n`,
    [`${place}/status`]: [
      `Name:\t${comm}`,
      `Tgid:\t${pid}`,
      `PPid:\t${facts.ppid ?? 1}`,
      `TracerPid:\t${facts.tracer ?? 0}`,
      `Uid:\t0\t0\t0\t0`,
      `CapEff:\t${mask}`,
      `CapBnd:\t${mask}`,
      `Seccomp:\t${seccomp ?? (container === undefined ? 0 : 2)}`,
      '',
    ].join('\n'),
    [`${place}/cmdline`]: args.map((word) => `${word}\0`).join(''),
    [`${place}/cgroup`]: `0::${cgroup}\n`,
    [`${place}/exe`]: { target: exe },
    [`${place}/root`]: { target: facts.root ?? '/' },
    ...Object.fromEntries(
      Object.entries(namespaces).map(([sort, inode]) => [
        `${place}/ns/${sort}`,
        { target: `${sort}:[${inode}]` },
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(facts.fd ?? { 0: '/dev/null' }).map(([number, target]) => [
        `${place}/fd/${number}`,
        { target },
      ]),
    ),
    ...(facts.links === undefined
      ? {}
      : { 'live_response/process/executables.txt': `${pid} 1 2 ${facts.links} 3 4 5\n` }),
    [`${place}/environ`]: (facts.environ ?? ['PATH=/bin']).map((word) => `${word}\0`).join(''),
    ...(facts.mounts === undefined ? {} : { [`${place}/mountinfo`]: facts.mounts }),
  };
}

/** Mounts of a node whose root is on 8:1, and of a container with its own overlay, more mounts behind. */
export const nodeMountTable =
  '20 1 8:1 / / rw - ext4 /dev/sda1 rw\n21 20 0:5 / /run rw - tmpfs tmpfs rw\n22 20 0:6 / /proc rw - proc proc rw\n';
export function containerMountTable(...mounts: readonly string[]): string {
  return ['50 40 0:99 / / rw - overlay overlay rw', ...mounts, ''].join('\n');
}

/** A pod of the API, on this node. */
export function podObject(
  which: { readonly id: string; readonly pod: string },
  more: {
    readonly name?: string;
    readonly namespace?: string;
    readonly spec?: object;
    readonly container?: object;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deleted?: string;
    readonly phase?: string;
    /** Of its container; it runs when nothing else is said. */
    readonly state?: object;
  } = {},
): object {
  const { name = 'web', namespace = 'prod', phase = 'Running' } = more;
  const { state = { running: { startedAt: '2026-11-20T00:00:03Z' } } } = more;
  return {
    metadata: {
      uid: which.pod,
      name,
      namespace,
      creationTimestamp: '2026-11-20T00:00:00Z',
      annotations: more.annotations ?? {},
      ...(more.deleted === undefined ? {} : { deletionTimestamp: more.deleted }),
    },
    spec: { ...more.spec, containers: [{ name: 'main', ...more.container }] },
    status: {
      phase,
      containerStatuses: [{ name: 'main', containerID: `containerd://${which.id}`, state }],
    },
  };
}

export function podList(...pods: readonly object[]): string {
  return JSON.stringify({ kind: 'PodList', items: pods });
}

/** The specification of a container, in the place where its runtime has it. */
export function specItems(
  which: { readonly id: string; readonly pod?: string },
  more: {
    readonly process?: object;
    readonly linux?: object;
    readonly space?: string;
    readonly kind?: string;
  } = {},
): Record<string, Content> {
  const { space = 'k8s.io' } = more;
  return {
    [`[root]/run/containerd/io.containerd.runtime.v2.task/${space}/${which.id}/config.json`]: JSON.stringify({
      ociVersion: '1.0.2',
      process: {
        args: ['/bin/app'],
        cwd: '/',
        capabilities: { effective: ordinaryNames.map((name) => `CAP_${name}`) },
        ...more.process,
      },
      annotations:
        which.pod === undefined
          ? {}
          : {
              'io.kubernetes.cri.sandbox-uid': which.pod,
              'io.kubernetes.cri.sandbox-name': 'web',
              'io.kubernetes.cri.sandbox-namespace': 'prod',
              'io.kubernetes.cri.container-name': 'main',
              'io.kubernetes.cri.container-type': more.kind ?? 'container',
            },
      linux: { maskedPaths: ['/proc/kcore'], namespaces: [], ...more.linux },
    }),
  };
}

/** A login record of wtmp (384 bytes) of a time. */
export function loginRecord(seconds: number): Buffer {
  const record = Buffer.alloc(384);
  record.writeInt16LE(7, 0);
  record.write('jo', 44);
  record.writeUInt32LE(seconds, 340);
  return record;
}

/**
 * A closed journal file whose entries have these numbers, a second apart; of entries in `without` the object is overwritten. Its
 * header counts `counted`, or else the entries that are there.
 */
export function journalOf(
  first: number,
  last: number,
  more: {
    readonly sequence?: number;
    readonly without?: readonly number[];
    readonly counted?: number;
    /** The first number that is of another boot. */
    readonly boot?: number;
    readonly state?: number;
  } = {},
): Buffer {
  const count = Math.max(last - first + 1, 0);
  const file = Buffer.alloc(272 + 64 * count);
  file.write('LPKSHHRH');
  file.writeUInt8(more.state ?? 2, 16);
  file.writeUInt8(more.sequence ?? 1, 72);
  file.writeBigUInt64LE(272n, 88);
  file.writeBigUInt64LE(BigInt(64 * count), 96);
  file.writeBigUInt64LE(BigInt(272 + 64 * Math.max(count - 1, 0)), 136);
  file.writeBigUInt64LE(BigInt(more.counted ?? count - (more.without?.length ?? 0)), 152);
  file.writeBigUInt64LE(BigInt(last), 160);
  file.writeBigUInt64LE(BigInt(first), 168);
  file.writeBigUInt64LE(journalMicros(first), 184);
  file.writeBigUInt64LE(journalMicros(last), 192);
  const gone = new Set(more.without);
  for (let number = first, at = 272; number <= last; number += 1, at += 64) {
    file.writeUInt8(gone.has(number) ? 1 : 3, at);
    file.writeBigUInt64LE(64n, at + 8);
    file.writeBigUInt64LE(BigInt(number), at + 16);
    file.writeBigUInt64LE(journalMicros(number), at + 24);
    file.writeUInt8(number >= (more.boot ?? 0) ? 1 : 2, at + 40);
  }
  return file;
}

function journalMicros(number: number): bigint {
  return BigInt(1_795_000_000 + number) * 1_000_000n;
}

/** An ordinary node on which every part was collected and nothing is wrong: what rules must be silent about. */
export function cleanNode(): Record<string, Content> {
  return {
    ...Object.fromEntries(
      ['processes', 'config', 'kernel', 'runtime', 'logs'].map((phase) => [
        `live_response/phases/${phase}.json`,
        '{}',
      ]),
    ),
    '[root]/proc/stat': 'btime 1795635000\n',
    '[root]/proc/uptime': '10000.00 1.00\n',
    ...processItems(1, { exe: '/usr/lib/systemd/systemd', mounts: nodeMountTable }),
    ...processItems(10, { in: web, mounts: containerMountTable() }),
    'live_response/process/descriptor_mounts.txt': '10/fdinfo/0:mnt_id:\t50\n',
    'live_response/process/second_look.txt': '1 5\n10 50000\n900 99999\n',
    'live_response/process/cgroup_pids.txt': '1\n10\n901\n',
    'live_response/process/answering_pids.txt': '1\n10\n',
    '[root]/proc/sys/kernel/pid_max': '4194304\n',
    '[root]/proc/net/tcp': 'sl a b c d e f g h i\n',
    '[root]/proc/net/packet': 'sk a b c d e f g h\n',
    '[root]/proc/net/raw': 'sl a b c d e f g h i\n',
    '[root]/proc/modules': 'overlay 1 0 - Live 0x0\n',
    '[root]/sys/module/overlay/initstate': 'live\n',
    'live_response/system/module_symbols.txt': '__builtin__ftrace\nbpf\noverlay\n',
    '[root]/proc/sys/kernel/tainted': '0\n',
    '[root]/proc/sys/kernel/core_pattern': 'core\n',
    '[root]/proc/sys/kernel/modprobe': '/sbin/modprobe\n',
    '[root]/sys/kernel/uevent_helper': '\n',
    ...specItems(web),
    'live_response/kubernetes/pods-before.json': podList(podObject(web)),
    'live_response/kubernetes/pods.json': podList(podObject(web)),
    'live_response/kubernetes/kubelet/pods.json': podList(podObject(web)),
    'live_response/kubernetes/rolebindings.json': JSON.stringify({ kind: 'RoleBindingList', items: [] }),
    'live_response/kubernetes/clusterrolebindings.json': JSON.stringify({ items: [] }),
    '[root]/var/lib/kubelet/config.yaml':
      'kind: KubeletConfiguration\nauthentication: {anonymous: {enabled: false}}\nauthorization: {mode: Webhook}\nreadOnlyPort: 0\n',
    '[root]/var/log/wtmp': Buffer.concat([1_795_000_000, 1_795_000_100, 1_795_000_200].map(loginRecord)),
    '[root]/var/log/journal/m/system@1-2.journal': journalOf(5000, 9000),
    '[root]/var/log/journal/m/system.journal': journalOf(9001, 9500),
    '[root]/var/log/auth.log': { bytes: '', modified: 1_795_000_000, changed: 1_795_000_000 },
    '[root]/var/log/auth.log.1': { bytes: 'x', modified: 1_794_999_000, changed: 1_795_000_000 },
    '[root]/var/log/audit/audit.log':
      'type=DAEMON_START msg=audit(1795000000.100:1): op=start auid=4294967295 pid=700 res=success\n' +
      'type=CONFIG_CHANGE msg=audit(1795000000.200:2): op=remove_rule key=(null) list=4 res=1\n' +
      'type=CONFIG_CHANGE msg=audit(1795000000.300:3): auid=4294967295 op=add_rule key=(null) list=4 res=1\n' +
      'type=CONFIG_CHANGE msg=audit(1795000000.400:4): op=set audit_enabled=1 old=1 auid=4294967295 res=1\n',
    '[root]/etc/crontab': '17 * * * * root run-parts /etc/cron.hourly\n',
    'live_response/packages/programs.md5': `${'1'.repeat(32)}  usr/sbin/sshd\n`,
    '[root]/var/lib/dpkg/info/openssh.md5sums': `${'1'.repeat(32)}  usr/sbin/sshd\n`,
    'bodyfile/bodyfile.txt': '0|/usr/bin/su|1|-rwsr-xr-x|0|0|1|1|1|1|0\n',
    'live_response/pod-diff.json': diffOf(),
  };
}

/** A kept comparison of the container with changes and processes. */
export function diffOf(changes: readonly object[] = [], processes: readonly object[] = []): string {
  return JSON.stringify({
    kind: 'PodDiff',
    pod: { namespace: 'prod', name: 'web' },
    containers: [{ name: 'main', changes, processes }],
  });
}

/** A book of one acquisition of these items, taken as the command takes them. */
export function bookOf(items: Items, own?: string): TraceBook {
  return bookOfLooks([items], own);
}

/** The name of the acquisition in which a look was taken, the first is 0. */
export function lookName(look: number): string {
  return `20261125T2${look}0000Z-node-node-a`;
}

/** The same of several acquisitions, an hour apart. */
export function bookOfLooks(looks: readonly Items[], own?: string): TraceBook {
  const book = new TraceBook('node-a');
  for (const [look, items] of looks.entries()) {
    book.begin(`2026-11-25T2${look}:00:00.000Z`, own);
    const entries = Object.entries(items).map(([name, content], index) => ({
      name,
      content,
      item: index + 1,
    }));
    for (const early of [true, false])
      for (const { name, content, item } of entries.filter((one) => isFirst(one.name) === early))
        takeItem(book, name, content, { acquisition: lookName(look), item, name });
    book.end();
  }
  return book;
}

function takeItem(book: TraceBook, name: string, content: Content, source: Source): void {
  const taken = { name: Buffer.from(name, 'latin1'), source };
  if (typeof content === 'object' && 'target' in content) {
    book.addLink(taken, Buffer.from(content.target, 'latin1'));
    return;
  }
  const more = typeof content === 'object' && 'bytes' in content ? content : undefined;
  const bytes = Buffer.from(more === undefined ? (content as string | Buffer) : more.bytes);
  const { modified, changed, sha256, cut } = more ?? {};
  const whole = {
    ...taken,
    size: bytes.length,
    ...(modified === undefined ? {} : { modified }),
    ...(changed === undefined ? {} : { changed }),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(cut === undefined ? {} : { cut }),
  };
  book.addSeen(whole);
  const wanted = wantedOf(name);
  if (wanted?.as === 'bytes') book.addBytes(whole, bytes);
  if (wanted?.as === 'journal') {
    const numbers = new JournalNumbers(bytes.length);
    numbers.push(bytes);
    book.addJournal(whole, numbers, true);
  }
  if (wanted?.as !== 'records') return;
  const parser = parsers[wanted.parser];
  if (parser.feed === 'access') return;
  const place = { path: whole.name, offset: 0 };
  for (const record of parser.parse(bytes, place)) book.addRecord(whole, wanted.parser, record);
}

/** What a rule says of a clean node with these items in place of or beside its own. Throws when it would not be judged. */
export function matchesOf(rule: Rule, ...parts: readonly Items[]): Match[] {
  const book = bookOf(Object.assign(cleanNode(), ...parts) as Items);
  const lacking = rule.needs.filter((need: Need) => !book.has(need));
  if (lacking.length > 0) throw new Error(`not judged, for want of ${lacking.join(', ')}`);
  return judged(rule, book.traces());
}

/** What a rule says of a node that is alone, or of the only one of its fleet. */
export function judged(rule: Rule, traces: NodeTraces, accused: readonly string[] = []): Match[] {
  const judge = rule.nodes === undefined ? rule.judge : rule.judgeAmong([traces]);
  return [...judge(traces, () => new Set(accused))];
}

/** The same in short: severity or `as rule`, and what was seen. */
export function seenBy(rule: Rule, ...parts: readonly Items[]): string[] {
  return matchesOf(rule, ...parts).map(({ severity = rule.severity, seen }) => `${severity}: ${seen}`);
}
