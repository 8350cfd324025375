import { evidence, excerptOf, type Source } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** Where runtimes let a log lead on purpose: docker keeps it in the directory of the container. */
const usual = /^\/var\/lib\/docker\/containers\/[0-9a-f]{64}\/[0-9a-f]{64}-json\.log(?:\.[0-9]+)?$/;

/** Links below /var/log/pods: the kubelet follows them as root and hands out what they lead to. */
export const podLogLink: Rule = {
  id: 'pod-log-link',
  title: 'a link lies among the logs of pods',
  explanation:
    'A pod that can write to /var/log puts a link to any file of the node there, and reads it through the API as a log.',
  severity: 'high',
  confidence: 'high',
  lessWhen: 'Links that docker makes to the logs of its containers are no finding.',
  attack: ['T1611', 'T1552.001', 'T1070.002'],
  threatMatrix: ['MS-TA9013', 'MS-TA9021'],
  references: ['CRI, kubelet logging', 'CVE-2017-1002101'],
  refutedBy: 'A shipper of logs of the organisation makes such links on all nodes.',
  next: ['kubectl ir show {case} files', 'kubectl ir show {case} mounts'],
  needs: ['logs of pods'],
  *judge({ links, metadata }) {
    const found = new Map<string, { source: Source; target: Buffer }>();
    for (const { source, value } of metadata)
      if (value.mode.startsWith('l'))
        found.set(value.name.toString('latin1'), { source, target: value.target ?? Buffer.alloc(0) });
    for (const { source, value } of links)
      if (value.path.startsWith('/var/log/pods/')) found.set(value.path, { source, target: value.target });
    for (const [path, { source, target }] of found) {
      if (usual.test(target.toString('latin1'))) continue;
      yield {
        subject: { path: excerptOf(Buffer.from(path, 'latin1')) },
        seen: 'it leads out of the logs',
        evidence: [evidence(source, Buffer.concat([Buffer.from('-> '), target]))],
      };
    }
  },
};
