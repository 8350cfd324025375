import { evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { contained, knownOf, onePerContainer, processEvidence, startingIn, subjectOf } from '../subject.ts';
import type { TracedSpec } from '../traces.ts';

/** By their numbers: include/uapi/linux/capability.h. */
export const capabilityNames = [
  ...['CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP'],
  ...[
    'LINUX_IMMUTABLE',
    'NET_BIND_SERVICE',
    'NET_BROADCAST',
    'NET_ADMIN',
    'NET_RAW',
    'IPC_LOCK',
    'IPC_OWNER',
  ],
  ...[
    'SYS_MODULE',
    'SYS_RAWIO',
    'SYS_CHROOT',
    'SYS_PTRACE',
    'SYS_PACCT',
    'SYS_ADMIN',
    'SYS_BOOT',
    'SYS_NICE',
  ],
  ...[
    'SYS_RESOURCE',
    'SYS_TIME',
    'SYS_TTY_CONFIG',
    'MKNOD',
    'LEASE',
    'AUDIT_WRITE',
    'AUDIT_CONTROL',
    'SETFCAP',
  ],
  ...['MAC_OVERRIDE', 'MAC_ADMIN', 'SYSLOG', 'WAKE_ALARM', 'BLOCK_SUSPEND', 'AUDIT_READ', 'PERFMON', 'BPF'],
  'CHECKPOINT_RESTORE',
] as const;

/** A runtime gives a container a bounding set that nothing inside can leave. */
export const capabilitiesBeyondSpecification: Rule = {
  id: 'capabilities-beyond-specification',
  title: 'process of a container has capabilities that the container was not started with',
  explanation:
    'No process can give itself more than its bounding set: this one was put into the container from the node, or the kernel was made to give it more.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'Processes in a user namespace of their own have capabilities that count only there; they are left out. So are containers that start as another user without any, as docker makes them: a setuid program takes from the bounding set there.',
  attack: ['T1611', 'T1068'],
  threatMatrix: ['MS-TA9018'],
  references: ['capabilities(7)', 'OCI runtime-spec, config.md'],
  refutedBy:
    'Somebody entered the container from the node on purpose, with nsenter or a debugger of the runtime.',
  next: ['kubectl ir show {case} processes -o wide', 'kubectl ir isolate {pod} -n {namespace}'],
  needs: ['processes', 'first process', 'specifications'],
  *judge(traces) {
    const isStarting = startingIn(traces);
    const user = traces.host?.namespaces.get('user');
    const beyond = contained(traces).filter((process) => {
      const effective = process.status?.effective ?? 0n;
      if (isStarting(process) || effective === 0n || process.namespaces.get('user') !== user) return false;
      const spec = knownOf(traces, process).spec?.value;
      if (spec === undefined || givesLater(spec)) return false;
      return extraOf(effective, spec.capabilities).length > 0;
    });
    for (const process of onePerContainer(beyond)) {
      const { spec } = knownOf(traces, process);
      if (spec === undefined) continue;
      const extra = extraOf(process.status?.effective ?? 0n, spec.value.capabilities);
      yield {
        subject: subjectOf(traces, process),
        seen: `has ${extra.join(', ')} beside what the container was started with`,
        evidence: [
          processEvidence(process),
          evidence(spec.source, `capabilities: ${spec.value.capabilities.join(', ')}`),
        ],
      };
    }
  },
};

/** True for a container that is given nothing at its start and may take from its bounding set later. */
function givesLater({ uid = 0, capabilities }: TracedSpec): boolean {
  return uid !== 0 && capabilities.length === 0;
}

function extraOf(mask: bigint, allowed: readonly string[]): string[] {
  return capabilityNames.filter((name, bit) => (mask >> BigInt(bit)) % 2n === 1n && !allowed.includes(name));
}
