/** Parts of a node's evidence, in the order of volatility (RFC 3227, section 2.1). Each but `cluster` is a script of that name. */
export const nodePhases = [
  'envelope',
  'sockets',
  'processes',
  'executables',
  'programs',
  'kernel',
  'sessions',
  'runtime',
  'cluster',
  'filesystem',
  'config',
  'logs',
  'packages',
] as const;

/** Parts of a pod's evidence, in the same order. */
export const podPhases = [
  'envelope',
  'sockets',
  'processes',
  'executables',
  'cgroup',
  'programs',
  'runtime',
  'cluster',
  'memory',
  'logs',
] as const;

export type Phase = (typeof nodePhases)[number] | (typeof podPhases)[number];

/** What is lost first; a few seconds in all. */
export const volatilePhases: readonly Phase[] = ['envelope', 'sockets', 'processes', 'executables'];

/** The newest and what matters first, in half a minute. */
export const triagePhases: readonly Phase[] = nodePhases.filter(
  (phase) => phase !== 'filesystem' && phase !== 'packages',
);

/** What can wait until the pod is contained. */
export const remainingPhases: readonly Phase[] = triagePhases.filter(
  (phase) => phase === 'executables' || !volatilePhases.includes(phase),
);

/** How much of each part is taken. */
export interface Choice {
  /** `triage`: the newest part of logs that matter first; `full`: all there is. */
  readonly depth: 'triage' | 'full';
  /** Of logs that are not written any more, those changed within so many minutes; 0: any in `full`, a day's in `triage`. */
  readonly sinceMinutes: number;
  /** The same as it was asked for. */
  readonly since?: string;
  /** Most bytes of one log, of which the end is taken, of the memory of one process, and of all small files together. */
  readonly mostBytes: number;
  /** Take files that are secrets as a whole, in place of an HMAC of them. */
  readonly secrets: boolean;
}

export const triage: Choice = {
  depth: 'triage',
  sinceMinutes: 0,
  mostBytes: 4 * 1024 ** 3,
  secrets: false,
};

/** The pod of which alone evidence is taken. */
export interface Subject {
  /** As in the cgroup path: metadata.uid, for a static pod its annotation `kubernetes.io/config.hash`. */
  readonly uid: string;
  /** Ids of its containers, also of those that ended. */
  readonly containers: readonly string[];
  /** Its directory below /var/log/pods. */
  readonly logs: string;
  /** PIDs whose memory is taken; all of the pod when empty. */
  readonly memory: readonly number[];
}

/** Most bytes of all small files where anybody may write. */
const anybodysBytes = 256 * 1024 ** 2;
/** PIDs that are tried one by one: two seconds' worth in triage, the kernel's highest (2^22) in full. */
const triedPids = { triage: 131_072, full: 4_194_304 } as const;

/** The arguments of a phase's script. `mode` is `take`, or `measure` for those that can tell the bytes beforehand. */
export function scriptArguments(
  phase: Phase,
  choice: Choice,
  subject: Subject | undefined,
  mode: 'take' | 'measure' = 'take',
): string[] {
  const uid = subject === undefined ? [] : [subject.uid];
  const secrets = choice.secrets ? ['secrets'] : [];
  switch (phase) {
    case 'sockets':
    case 'processes':
    case 'cgroup':
      return uid;
    case 'executables':
      return subject === undefined ? ['all'] : ['only', subject.uid];
    case 'programs':
      return [String(triedPids[choice.depth]), ...uid];
    case 'runtime':
      return [...uid, ...(subject?.containers ?? [])];
    case 'memory':
      return [mode, ...uid, String(choice.mostBytes), ...(subject?.memory ?? []).map(String)];
    case 'filesystem':
      return [String(Math.min(anybodysBytes, choice.mostBytes)), ...secrets];
    case 'config':
      return secrets;
    case 'logs': {
      const pod = subject === undefined ? [] : [subject.logs];
      return [mode, choice.depth, String(choice.sinceMinutes), String(choice.mostBytes), ...pod];
    }
    default:
      return [];
  }
}

/** Phases whose size can be told before they are taken, and may be large. */
export function canBeLarge(phase: Phase, { depth }: Choice): boolean {
  return phase === 'memory' || (phase === 'logs' && depth === 'full');
}
