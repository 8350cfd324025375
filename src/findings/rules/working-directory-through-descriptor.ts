import { evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { escapeForTerminal } from '../../output/escape.ts';

const throughDescriptor = /^\/proc\/(?:self|thread-self|[0-9]+)\/(?:task\/[0-9]+\/)?(?:fd|cwd|root)(?:\/|$)/;

/** CVE-2024-21626: runc leaked a descriptor of the node, and a working directory below /proc/self/fd led through it. */
export const workingDirectoryThroughDescriptor: Rule = {
  id: 'working-directory-through-descriptor',
  title: 'container starts in a directory that leads through an open file',
  explanation: 'Nobody needs such a working directory but the escape from runc known as CVE-2024-21626.',
  severity: 'critical',
  confidence: 'high',
  lessWhen:
    'Nothing ordinary looks alike. High where only the pod asks for it, and no container was started so: a runtime that is not open to it refuses.',
  attack: ['T1611'],
  threatMatrix: ['MS-TA9009'],
  references: ['CVE-2024-21626', 'OCI runtime-spec, config.md, process.cwd'],
  refutedBy: 'A test of the weakness by somebody who was asked to; runc 1.1.12 and later are not open to it.',
  next: ['kubectl ir show {case} containers -o wide', 'kubectl ir isolate {pod} -n {namespace}'],
  needs: ['specifications'],
  *judge({ specifications, pods = [] }) {
    const running = new Set<string>();
    for (const { source, value } of specifications) {
      const { directory, namespace, pod, container } = value;
      if (directory === undefined || !isThroughDescriptor(directory)) continue;
      running.add(`${namespace ?? ''}/${pod ?? ''}/${container ?? ''}`);
      yield {
        subject: {
          ...(namespace === undefined ? {} : { namespace: escapeForTerminal(namespace) }),
          ...(pod === undefined ? {} : { pod: escapeForTerminal(pod) }),
          container: escapeForTerminal(container ?? value.id.slice(0, 12)),
        },
        seen: 'its working directory leads through a descriptor',
        evidence: [evidence(source, `process.cwd: ${directory}`)],
      };
    }
    for (const { source, value } of pods)
      for (const { name, directory } of value.containers) {
        if (directory === undefined || !isThroughDescriptor(directory)) continue;
        if (running.has(`${value.namespace}/${value.name}/${name}`)) continue;
        yield {
          subject: {
            namespace: escapeForTerminal(value.namespace),
            pod: escapeForTerminal(value.name),
            container: escapeForTerminal(name),
          },
          seen: 'its pod asks for a working directory that leads through a descriptor',
          severity: 'high',
          evidence: [evidence(source, `workingDir: ${directory}`)],
        };
      }
  },
};

function isThroughDescriptor(directory: string): boolean {
  return throughDescriptor.test(directory.replace(/\/{2,}/g, '/'));
}
