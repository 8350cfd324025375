import { evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** What the kubelet's configuration says of strangers; defaults of kubelet.config.k8s.io/v1beta1 shut them out. */
export const openKubelet: Rule = {
  id: 'open-kubelet',
  title: 'the kubelet answers strangers',
  explanation:
    'Who reaches its port can look into, and in the worst case run commands in, every pod of the node without being anybody.',
  severity: 'high',
  confidence: 'high',
  lessWhen:
    'High is a kubelet that allows everything to everybody. Medium is one that only lets strangers ask, or has its read-only port open, or allows everything to whoever has a certificate.',
  attack: ['T1133', 'T1613', 'T1609'],
  threatMatrix: ['MS-TA9016', 'MS-TA9030'],
  references: ['kubelet.config.k8s.io/v1beta1'],
  refutedBy:
    'Flags of the kubelet override the file (its command line says so), or nothing can reach the port.',
  next: ['kubectl ir show {case} kubelet', 'kubectl ir show {case} processes'],
  needs: ['configuration of the kubelet'],
  *judge({ kubelets }) {
    for (const { source, value } of kubelets) {
      const { anonymous, authorization, readOnlyPort } = value;
      const everything = authorization === 'AlwaysAllow';
      const said = [
        ...(anonymous === true ? ['strangers may ask'] : []),
        ...(everything ? ['everything is allowed'] : []),
        ...(readOnlyPort !== undefined && readOnlyPort > 0
          ? [`the read-only port ${readOnlyPort} is open`]
          : []),
      ];
      if (said.length === 0) continue;
      yield {
        subject: {},
        seen: said.join(', '),
        severity: anonymous === true && everything ? 'high' : 'medium',
        evidence: [
          evidence(
            source,
            `anonymous ${String(anonymous)}, authorization ${authorization ?? 'not set'}, readOnlyPort ${readOnlyPort ?? 'not set'}`,
          ),
        ],
      };
    }
  },
};
