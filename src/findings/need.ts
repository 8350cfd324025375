import type { Phase } from '../evidence/phases.ts';

/** What an acquisition asks a node for: a phase of it, or of one pod of it, or what a container changed. */
export type Ask = Phase | `pod ${Phase}` | 'diff';

/** What rules read, each by the items that show that it was looked for, and how it gets into a case. */
export interface NeedFacts {
  /** As in `there are no PROCESSES in the case`. */
  readonly what: string;
  /** Each of these names an item that came with content, or a link. */
  readonly shownBy: readonly RegExp[];
  /** Items of which a gap makes the judgement incomplete. */
  readonly reads: RegExp;
  /** What brings it when it is there. */
  readonly askedBy: readonly Ask[];
  readonly collect: string;
  /** A part of it would make everything that is missing look like a trace: with a gap it counts as not there. */
  readonly whole?: true;
  /** Why a node may have none of it, and what shows that it has not. */
  readonly none?: Absence;
}

/** A part of a node that some nodes do not have: all of `shownBy` was read, and nothing of `without`. */
export interface Absence {
  readonly why: string;
  readonly shownBy: readonly RegExp[];
  readonly without: readonly RegExp[];
}

const wholeNode = 'kubectl ir snapshot node {node} --profile full --case {case}';
const node = 'kubectl ir snapshot node {node} --case {case}';
const process = (files: string): RegExp => new RegExp(`^\\[root\\]/proc/[0-9]+/${files}$`);
const exactly = (name: string): RegExp => new RegExp(`^${name.replace(/[.[\]]/g, '\\$&')}$`);

function files(what: string, phase: Phase, collect: string, ...names: readonly string[]): NeedFacts {
  const reads = new RegExp(`^(?:${names.map((name) => name.replace(/[.[\]]/g, '\\$&')).join('|')})$`);
  return { what, shownBy: names.map(exactly), reads, askedBy: [phase], collect };
}

function looked(what: string, phase: Phase, reads: RegExp): NeedFacts {
  return {
    what,
    shownBy: [exactly(`live_response/phases/${phase}.json`)],
    reads,
    askedBy: [phase],
    collect: node,
  };
}

/** Both files stand in every kernel that was built to load modules, and in no other (kernel/module/main.c and procfs.c). */
const noModules: Absence = {
  why: 'the kernel of this node was built to load no modules',
  shownBy: [exactly('live_response/phases/kernel.json'), exactly('[root]/proc/sys/kernel/core_pattern')],
  without: [exactly('[root]/proc/modules'), exactly('[root]/proc/sys/kernel/modprobe')],
};

/** Every need by its name. */
export const needs = {
  processes: {
    what: 'processes',
    shownBy: [process('status'), process('exe')],
    reads: process('(?:stat|status|cmdline|cgroup|exe|root|ns/[a-z]+)'),
    askedBy: ['processes', 'pod processes'],
    collect: node,
  },
  'first process': {
    what: 'process 1 of the node, which containers are held against',
    shownBy: [process('status'), exactly('[root]/proc/1/status'), exactly('[root]/proc/1/ns/mnt')],
    reads: /^\[root\]\/proc\/1\/(?:status|ns\/[a-z]+)$/,
    askedBy: ['processes'],
    collect: node,
  },
  'all processes': {
    whole: true,
    what: 'whole list of the processes of the node',
    shownBy: [exactly('live_response/phases/processes.json'), exactly('[root]/proc/1/status')],
    reads: process('(?:stat|status|cgroup)'),
    askedBy: ['processes'],
    collect: node,
  },
  'open files': {
    what: 'open files of processes',
    shownBy: [process('fd/[0-9]+')],
    reads: process('fd/[0-9]+'),
    askedBy: ['processes', 'pod processes'],
    collect: node,
  },
  'mounts of open files': files(
    'mounts of open files',
    'processes',
    node,
    'live_response/process/descriptor_mounts.txt',
  ),
  environments: {
    what: 'environments of processes',
    shownBy: [process('environ')],
    reads: process('environ'),
    askedBy: ['processes', 'pod processes'],
    collect: node,
  },
  'mount tables': {
    what: 'mount table of the node',
    shownBy: [exactly('[root]/proc/1/mountinfo')],
    reads: process('mountinfo'),
    askedBy: ['processes'],
    collect: node,
  },
  sockets: {
    what: 'sockets',
    shownBy: [/^\[root\]\/proc\/(?:[0-9]+\/)?net\/tcp$/],
    reads: /^\[root\]\/proc\/(?:[0-9]+\/)?net\/(?:tcp|udp)6?$/,
    askedBy: ['sockets', 'pod sockets'],
    collect: node,
  },
  'packet sockets': {
    what: 'packet sockets',
    shownBy: [/^\[root\]\/proc\/(?:[0-9]+\/)?net\/packet$/],
    reads: /^\[root\]\/proc\/(?:[0-9]+\/)?net\/packet$/,
    askedBy: ['sockets', 'pod sockets'],
    collect: node,
  },
  'raw sockets': {
    what: 'raw sockets',
    shownBy: [/^\[root\]\/proc\/(?:[0-9]+\/)?net\/raw$/],
    reads: /^\[root\]\/proc\/(?:[0-9]+\/)?net\/raw6?$/,
    askedBy: ['sockets', 'pod sockets'],
    collect: node,
  },
  'lists of processes': {
    whole: true,
    ...files(
      'second and third list of processes',
      'programs',
      node,
      'live_response/process/second_look.txt',
      'live_response/process/cgroup_pids.txt',
    ),
  },
  modules: {
    whole: true,
    what: 'lists of kernel modules',
    shownBy: [exactly('[root]/proc/modules'), exactly('live_response/system/module_symbols.txt')],
    reads:
      /^\[root\]\/(?:proc\/modules|sys\/module\/[^/]+\/initstate)$|^live_response\/system\/module_symbols\.txt$/,
    askedBy: ['kernel'],
    none: noModules,
    collect: node,
  },
  'taint of the kernel': files('taint of the kernel', 'kernel', node, '[root]/proc/sys/kernel/tainted'),
  'core pattern': files('handler of core dumps', 'kernel', node, '[root]/proc/sys/kernel/core_pattern'),
  'module loader': {
    ...files('loader of modules', 'kernel', node, '[root]/proc/sys/kernel/modprobe'),
    none: noModules,
  },
  'kernel helpers': looked(
    'look at what the kernel starts by itself',
    'kernel',
    /^\[root\]\/(?:sys\/kernel\/uevent_helper|sys\/fs\/cgroup\/.*release_agent|proc\/sys\/fs\/binfmt_misc\/.*|proc\/[0-9]+\/fdinfo\/[0-9]+)$/,
  ),
  specifications: looked('specifications of containers', 'runtime', /\/(?:config\.json|config\.v2\.json)$/),
  'pods of the API': {
    whole: true,
    what: 'list of pods by the API server',
    shownBy: [exactly('live_response/kubernetes/pods.json')],
    reads: /^live_response\/kubernetes\/pods(?:-[0-9]+)?\.json$/,
    askedBy: ['cluster'],
    collect: node,
  },
  'pods of the API before': {
    whole: true,
    what: 'list of pods by the API server from before the look at the node',
    shownBy: [exactly('live_response/kubernetes/pods-before.json')],
    reads: /^live_response\/kubernetes\/pods-before(?:-[0-9]+)?\.json$/,
    askedBy: ['envelope'],
    collect: node,
  },
  'pods of the kubelet': files(
    'list of pods by the kubelet',
    'cluster',
    node,
    'live_response/kubernetes/kubelet/pods.json',
  ),
  'bindings and roles': {
    what: 'bindings and roles',
    shownBy: [
      exactly('live_response/kubernetes/rolebindings.json'),
      exactly('live_response/kubernetes/clusterrolebindings.json'),
    ],
    reads: /^live_response\/kubernetes\/(?:cluster)?role(?:binding)?s(?:-[0-9]+|\/[^/]+)?\.json$/,
    askedBy: ['cluster', 'pod cluster'],
    collect: node,
  },
  configuration: looked(
    'configuration of the node',
    'config',
    /^\[root\]\/(?:etc|home|root|var\/spool\/cron|(?:usr\/)?lib\/systemd)\//,
  ),
  'configuration of the kubelet': {
    what: 'configuration of the kubelet',
    shownBy: [
      /^\[root\]\/(?:var\/lib\/kubelet\/config\.yaml|etc\/kubernetes\/kubelet.*|home\/kubernetes\/kubelet-config\.yaml)$/,
    ],
    reads: /^\[root\]\/var\/lib\/kubelet\/config\.yaml$/,
    askedBy: ['config'],
    collect: node,
  },
  'login records': {
    what: 'login records',
    shownBy: [/^\[root\]\/(?:run\/utmp|var\/log\/[wb]tmp(?:\..*)?)$/],
    reads: /^\[root\]\/(?:run\/utmp|var\/log\/[wb]tmp(?:\..*)?)$/,
    askedBy: ['sessions'],
    collect: node,
  },
  journals: looked('journals of the node', 'logs', /^header of \[root\]\/(?:var|run)\/log\/journal\//),
  'entries of journals': looked(
    'entries of the journals of the node',
    'logs',
    /^(?:header of )?\[root\]\/(?:var|run)\/log\/journal\//,
  ),
  'logs of the node': looked(
    'logs of the node',
    'logs',
    /^\[root\]\/var\/log\/(?!pods\/|containers\/|journal\/)[^/]+$/,
  ),
  'audit trail': looked('audit trail of the kernel', 'logs', /^\[root\]\/var\/log\/audit\//),
  'logs of pods': looked('logs of pods', 'logs', /^\[root\]\/var\/log\/(?:pods|containers)\//),
  'digests of programs': {
    what: 'digests of programs',
    shownBy: [/^live_response\/packages\/programs\.(?:md5|sha1|sha256)$/],
    reads: /^live_response\/packages\/programs\.(?:md5|sha1|sha256)$/,
    askedBy: ['packages'],
    collect: wholeNode,
  },
  'sums of packages': {
    what: 'sums of packages',
    shownBy: [
      /^\[root\]\/(?:var\/lib\/dpkg\/(?:info|status\.d)\/.*\.md5sums|(?:usr\/)?lib\/apk\/db\/installed|(?:var\/lib|usr\/lib\/sysimage)\/rpm\/rpmdb\.sqlite)$/,
    ],
    reads:
      /^\[root\]\/(?:var\/lib\/dpkg\/info\/.*\.md5sums|(?:usr\/)?lib\/apk\/db\/installed|.*\/rpmdb\.sqlite)$/,
    askedBy: ['packages'],
    collect: wholeNode,
  },
  'metadata of files': files(
    'names and modes of all files',
    'filesystem',
    wholeNode,
    'bodyfile/bodyfile.txt',
  ),
  'difference from the image': {
    what: 'comparison of a container with its image',
    shownBy: [exactly('live_response/pod-diff.json')],
    reads: exactly('live_response/pod-diff.json'),
    askedBy: ['diff'],
    collect: 'kubectl ir diff pod POD -n NAMESPACE --case {case}',
  },
} as const satisfies Readonly<Record<string, NeedFacts>>;

export type Need = keyof typeof needs;
