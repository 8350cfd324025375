import type { Indicator, NotPlanted } from '../e2e/support/indicator.ts';

const program =
  /^\/var\/lib\/containerd\/io\.containerd\.snapshotter\.v1\.overlayfs\/snapshots\/[0-9]+\/fs\/tmp\/\.x$/;
/** What runs in the container that the intruder came out of. */
export const entered = ['sleep', '40002'];
/** Command line of the process that hides. */
export const hidden = 'sleep 40001';

/** Of the 25, what changes a whole kernel; plant.sh plants it. */
export const kernelIndicators: readonly Indicator[] = [
  {
    number: 9,
    name: 'handler of core dumps',
    rule: 'core-dump-handler',
    severity: 'critical',
    subject: { path: program },
    evidence: [/^\[root\]\/proc\/sys\/kernel\/core_pattern: \|\/var\/lib\/containerd\/.*\/\.x %P$/],
  },
  {
    number: 10,
    name: 'release agent itself',
    rule: 'release-agent',
    severity: 'critical',
    subject: { path: '/sys/fs/cgroup/memory/release_agent' },
    evidence: [/^\[root\]\/sys\/fs\/cgroup\/memory\/release_agent: \/var\/lib\/containerd\/.*\/\.x/],
  },
  {
    number: 11,
    name: 'loader of modules',
    rule: 'module-loader',
    severity: 'critical',
    subject: { path: program },
    evidence: [/^\[root\]\/proc\/sys\/kernel\/modprobe: \/var\/lib\/containerd\/.*\/\.x$/],
  },
  {
    number: 11,
    name: 'kind of programs',
    rule: 'binary-format',
    severity: 'high',
    subject: { path: program },
    evidence: [
      /^\[root\]\/proc\/sys\/fs\/binfmt_misc\/docx: enabled.*interpreter \/var\/lib\/containerd\/.*flags: F/,
    ],
  },
  {
    number: 12,
    name: 'hidden module',
    rule: 'hidden-module',
    severity: 'critical',
    subject: {},
    evidence: [/^\[root\]\/sys\/module\/hide\/initstate: live/],
  },
  {
    number: 18,
    name: 'process hidden by a rootkit',
    rule: 'hidden-process',
    severity: 'critical',
    subject: {},
    runs: hidden,
    evidence: [
      /^live_response\/process\/cgroup_pids\.txt: [0-9]+$/,
      /^live_response\/process\/answering_pids\.txt: [0-9]+$/,
      /^live_response\/process\/second_look\.txt: no line for [0-9]+$/,
    ],
  },
  {
    name: 'mark that no listed module carries',
    rule: 'tainted-kernel',
    severity: 'medium',
    subject: {},
    evidence: [/^\[root\]\/proc\/sys\/kernel\/tainted: tainted: 12288$/],
  },
];

/** What Debian's kernels are built without. */
export const kernelLacks: readonly NotPlanted[] = [
  { number: 11, name: 'helper for events', reason: 'this kernel has none (CONFIG_UEVENT_HELPER)' },
];
