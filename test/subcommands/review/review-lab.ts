import type { Case } from '../../../src/evidence/case.ts';
import { Readable } from 'node:stream';
import { uid } from '../../containment/subjects.ts';
import { suspect } from '../verify-fix/fix-lab.ts';

const path = '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies';

/** The suspect as the API server had it. */
export const suspectObject = {
  metadata: { ...{ name: suspect.name, namespace: 'default', uid }, labels: { tier: 'web' } },
  spec: {
    ...{ serviceAccountName: 'web', nodeName: 'node-a' },
    containers: [{ name: 'app', image: 'registry.example/app:1', securityContext: { privileged: true } }],
  },
  status: { containerStatuses: [{ name: 'app', imageID: `registry.example/app@sha256:${'a'.repeat(64)}` }] },
} as const;

/** An audit line of a request by the suspect's account. */
export function audited(verb: string, uri: string, code: number, objectRef: object): string {
  return `${JSON.stringify({
    ...{ kind: 'Event', auditID: uri, stage: 'ResponseComplete', verb, requestURI: uri, objectRef },
    ...{ stageTimestamp: '2026-11-22T04:10:00.000000Z', responseStatus: { code } },
    user: { username: 'system:serviceaccount:default:web' },
  })}\n`;
}

/** Items of an acquisition, each with the request that brought it. */
export async function keepAnswers(
  opened: Case,
  answers: Readonly<
    Record<
      string,
      {
        readonly source: string;
        readonly object: object | string;
        readonly cut?: boolean;
        readonly artifact?: string;
      }
    >
  >,
): Promise<void> {
  const acquisition = await opened.startAcquisition({ kind: 'pod', target: suspect.name, node: 'node-a' });
  for (const [name, { source, object, cut, artifact = 'kubernetes' }] of Object.entries(answers)) {
    const bytes = Buffer.from(typeof object === 'string' ? object : JSON.stringify(object));
    if (cut === true) await acquisition.gap(artifact, name, 'truncated', 'the stream broke');
    else await acquisition.addFile(name, Readable.from([bytes]), { artifact, source });
  }
  await acquisition.finish({ outcome: 'complete' });
}

/** What a snapshot of the suspect keeps: its object, a list of policies, and ours among them. */
export function snapshotAnswers(): Parameters<typeof keepAnswers>[1] {
  const ours = {
    metadata: { name: 'ir-x', labels: { 'kubectl-ir/pod-uid': uid } },
    spec: { podSelector: {} },
  };
  return {
    'live_response/kubernetes/pods.json': {
      source: '/api/v1/pods?fieldSelector=spec.nodeName=node-a',
      object: { kind: 'PodList', apiVersion: 'v1', items: [suspectObject] },
    },
    'live_response/kubernetes/networkpolicies.json': {
      source: path,
      object: { kind: 'NetworkPolicyList', apiVersion: 'networking.k8s.io/v1', items: [ours] },
    },
  };
}

export { path as policiesPath };
