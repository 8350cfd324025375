import { JSON_SCHEMA, load } from 'js-yaml';
import { objectOf, textOf } from '../../artifacts/json.ts';
import { evidence, excerptOf } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { filesLike } from '../settings.ts';

/** The kubelet runs what lies in its directory of manifests, and shows each to the API server as a mirror pod. */
export const staticPodWithoutMirror: Rule = {
  id: 'static-pod-without-mirror',
  title: 'the manifest of a static pod has no pod in the API',
  explanation:
    'The kubelet runs it all the same: a manifest in a namespace that does not exist is a pod that nobody sees, and it comes back with every boot.',
  severity: 'high',
  confidence: 'medium',
  lessWhen: 'A file that is no manifest of a pod is no finding.',
  attack: ['T1610', 'T1543.005'],
  threatMatrix: ['MS-TA9017'],
  references: ['Kubernetes: static pods'],
  refutedBy:
    'The kubelet does not look into this directory (staticPodPath), or it refuses the manifest and says so in its log.',
  next: [
    'kubectl ir show {case} kubelet',
    'kubectl ir show {case} containers',
    'kubectl get pods -A --field-selector spec.nodeName={node}',
  ],
  needs: ['configuration', 'pods of the API'],
  *judge(traces) {
    for (const { source, value } of filesLike(traces, /^\[root\]\/etc\/kubernetes\/manifests\/[^/.][^/]*$/)) {
      const manifest = podOf(value.bytes);
      if (manifest === undefined) continue;
      const { name, namespace } = manifest;
      const mirrored = traces.pods?.some(
        ({ value: pod }) =>
          pod.namespace === namespace && pod.name === `${name}-${traces.node.toLowerCase()}`,
      );
      if (mirrored === true) continue;
      yield {
        subject: {
          namespace: excerptOf(namespace),
          pod: excerptOf(name),
          path: excerptOf(Buffer.from(value.path, 'latin1')),
        },
        seen: 'the API server has no mirror pod of it',
        evidence: [evidence(source, value.bytes)],
      };
    }
  },
};

function podOf(bytes: Buffer): { readonly name: string; readonly namespace: string } | undefined {
  try {
    const value = objectOf(load(bytes.toString('utf8'), { schema: JSON_SCHEMA }));
    const metadata = objectOf(value?.['metadata']);
    const name = textOf(metadata?.['name']);
    if (value?.['kind'] !== 'Pod' || name === undefined) return undefined;
    return { name, namespace: textOf(metadata?.['namespace']) ?? 'default' };
  } catch {
    return undefined;
  }
}
