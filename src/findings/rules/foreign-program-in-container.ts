import { present } from '../../artifacts/present.ts';
import { evidence, excerptOf } from '../finding.ts';
import { identityOf } from '../process-identity.ts';
import type { Rule } from '../rule.ts';

/** By the comparison of the container with its image: its processes run what the image has not. */
export const foreignProgramInContainer: Rule = {
  id: 'foreign-program-in-container',
  title: 'container runs a program that its image does not have',
  explanation:
    'What runs was changed, brought along or deleted since the container started: an image is not changed in operation.',
  severity: 'high',
  confidence: 'high',
  lessWhen: 'Nothing is scored down: whoever installs packages into running containers finds them here.',
  attack: ['T1105', 'T1059.004', 'T1036'],
  threatMatrix: ['MS-TA9007', 'MS-TA9009'],
  references: ['schema/pod-diff.json'],
  refutedBy: 'The program of the container unpacks or compiles its own parts when it starts.',
  next: ['kubectl ir diff pod {pod} -n {namespace}', 'kubectl ir isolate {pod} -n {namespace}'],
  needs: ['difference from the image'],
  *judge({ changes }) {
    for (const { source, value } of changes)
      for (const { namespace, pod, container, processes } of value)
        for (const { pid, name, executable, reason, started } of processes)
          yield {
            subject: {
              ...subject(namespace, pod, container),
              ...identityOf({ pid, ...present({ started }) }),
              path: excerptOf(executable),
            },
            seen: `${excerptOf(name)} runs a file that was ${reason === 'memfd' ? 'only ever in memory' : excerptOf(reason)}`,
            evidence: [evidence(source, `${container}: pid ${pid} ${name} ${executable} (${reason})`)],
          };
  },
};

function subject(
  namespace: string,
  pod: string,
  container: string,
): { namespace: string; pod: string; container: string } {
  return { namespace: excerptOf(namespace), pod: excerptOf(pod), container: excerptOf(container) };
}
