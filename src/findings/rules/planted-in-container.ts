import type { ContainerChange } from '../container-changes.ts';
import { evidence, excerptOf, type Severity } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** What a change says by itself, the gravest first. */
const kinds: readonly (readonly [Severity, string, (change: ContainerChange) => boolean])[] = [
  [
    'critical',
    'a disk of the node was made a file of the container',
    ({ change, type }) => change !== 'deleted' && type === 'block',
  ],
  [
    'high',
    'a library list that every program loads was put there',
    ({ change, path }) => change !== 'deleted' && path === '/etc/ld.so.preload',
  ],
  [
    'high',
    'it became setuid or has capabilities',
    ({ change, flags }) =>
      (change === 'added' || change === 'metadata' || change === 'modified') &&
      flags.some((flag) => ['setuid', 'capabilities'].includes(flag)),
  ],
  [
    'high',
    'its content was changed and its time put back',
    ({ change, flags }) => change === 'modified' && flags.includes('mtime-spoofed'),
  ],
  [
    'medium',
    'a program was changed',
    ({ change, content, flags }) =>
      change === 'modified' && (content === 'elf' || flags.includes('executable')),
  ],
  ['medium', 'a program was brought along', ({ change, content }) => change === 'added' && content === 'elf'],
];

/** By the comparison of the container with its image: files that an intruder plants. */
export const plantedInContainer: Rule = {
  id: 'planted-in-container',
  title: 'container has a file that an intruder would plant',
  explanation:
    'Since the container started somebody brought a program along, changed one, gave it more rights, or hid the change by its time.',
  severity: 'critical',
  confidence: 'medium',
  lessWhen:
    'A program that was only added or changed is medium, as packages are installed into running containers now and then. What the runtime made is no finding.',
  attack: ['T1105', 'T1548.001', 'T1070.006', 'T1574.006'],
  threatMatrix: ['MS-TA9007'],
  references: ['schema/pod-diff.json'],
  refutedBy: 'The program of the container writes these files itself whenever it starts.',
  next: ['kubectl ir diff pod {pod} -n {namespace}', 'kubectl ir isolate {pod} -n {namespace}'],
  needs: ['difference from the image'],
  *judge({ changes }) {
    for (const { source, value } of changes)
      for (const { namespace, pod, container, changes: list } of value)
        for (const change of list) {
          const kind = change.flags.includes('runtime') ? undefined : kinds.find(([, , is]) => is(change));
          if (kind === undefined) continue;
          const [severity, seen] = kind;
          yield {
            subject: {
              ...(namespace === '' ? {} : { namespace: excerptOf(namespace) }),
              ...(pod === '' ? {} : { pod: excerptOf(pod) }),
              container: excerptOf(container),
              path: excerptOf(change.path),
            },
            seen,
            severity,
            evidence: [
              evidence(
                source,
                `${change.change} ${change.path} ${change.mode ?? ''} ${change.flags.join(',')} sha256 ${change.sha256 ?? 'not read'}`,
              ),
            ],
          };
        }
  },
};
