import { evidence, excerptOf } from '../finding.ts';
import { apartFromNode, pathOnNode } from '../places.ts';
import type { Rule } from '../rule.ts';
import { isCredential } from '../sensitive-places.ts';
import { contained, processEvidence, subjectOf } from '../subject.ts';

/** Open files of containers, by the place on the node that they are. */
export const credentialOpen: Rule = {
  id: 'credential-open',
  title: 'process of a container has a credential of the node or of another pod open',
  explanation:
    'A key of the kubelet, a token of another pod, or the passwords of the node: with it somebody else can be impersonated.',
  severity: 'high',
  confidence: 'high',
  lessWhen: 'The tokens and secrets of its own pod are no finding.',
  agents: true,
  attack: ['T1528', 'T1552.001', 'T1003.008'],
  threatMatrix: ['MS-TA9016'],
  references: ['proc_pid_fd(5)'],
  refutedBy: 'The pod is part of the control plane and needs exactly this file.',
  next: [
    'kubectl ir show {case} mounts',
    'kubectl ir show {case} processes -o wide',
    'kubectl ir isolate {pod} -n {namespace} --cut-identity=token',
  ],
  needs: ['processes', 'first process', 'open files', 'mount tables'],
  *judge(traces) {
    for (const { process, table, node } of apartFromNode(traces, contained(traces))) {
      const told = new Set<string>();
      for (const [number, link] of process.descriptors) {
        const path = link.value.toString('latin1');
        const place = path.startsWith('/') ? pathOnNode(path, table, node) : undefined;
        if (place === undefined || told.has(place) || !isCredential(place)) continue;
        const owner = /\/pods\/([^/]+)\//.exec(place)?.[1];
        const { podUid, podConfigHash } = process.container;
        if (owner !== undefined && (owner === podUid || owner === podConfigHash)) continue;
        told.add(place);
        yield {
          subject: { ...subjectOf(traces, process), path: excerptOf(Buffer.from(place, 'latin1')) },
          seen:
            owner === undefined
              ? 'open: a credential of the node'
              : `open: a credential of pod ${excerptOf(owner)}`,
          evidence: [
            evidence(link.source, Buffer.concat([Buffer.from(`fd ${number} -> `), link.value])),
            processEvidence(process),
          ],
        };
      }
    }
  },
};
