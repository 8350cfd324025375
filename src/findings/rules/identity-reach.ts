import { escapeForTerminal } from '../../output/escape.ts';
import { evidence, type Match, type Traced } from '../finding.ts';
import { grantsOf } from '../grants.ts';
import type { Pod } from '../pods.ts';
import { type Power, powersOf, powerText } from '../powers.ts';
import type { Rule } from '../rule.ts';
import type { NodeTraces } from '../traces.ts';

/** Powers that are told of one pod. */
const mostPowers = 6;

/** What an intruder in a pod may ask the API server for in its name: RBAC adds up, so every binding counts. */
export const identityReach: Rule = {
  id: 'identity-reach',
  title: 'the identity of a pod reaches further than its own work',
  explanation:
    'Whoever is in the pod has its token, and may do in its name what its ServiceAccount is bound to: read credentials, run pods of his own, or take over the cluster.',
  severity: 'critical',
  confidence: 'high',
  lessWhen:
    'Controllers have such rights by design: low in a pod that no acquisition is about and of which no other rule says high or more, and where no token of the account is mounted. Half-way where a role names the only objects that it holds for. The rights alone count: the label of roles that Kubernetes ships (kubernetes.io/bootstrapping) can be put on any role, subjects that were added to a shipped binding stay there, and the accounts of the controllers of kube-system are of no pod.',
  agents: true,
  attack: ['T1528', 'T1552.007', 'T1098.006'],
  threatMatrix: ['MS-TA9016', 'MS-TA9019', 'MS-TA9025'],
  references: ['Kubernetes: RBAC', 'Kubernetes: Role Based Access Control Good Practices'],
  refutedBy:
    'The API audit log has no request of the account that its program does not make, or another authorizer denies what RBAC allows.',
  next: [
    'kubectl auth can-i --list --as=system:serviceaccount:{namespace}:{account} -n {namespace}',
    'kubectl ir changes {pod} -n {namespace}',
    'kubectl ir isolate {pod} -n {namespace} --cut-identity=bindings',
    'kubectl delete rolebinding {rolebinding} -n {rolenamespace} --dry-run=server',
    'kubectl delete clusterrolebinding {clusterrolebinding} --dry-run=server',
  ],
  needs: ['bindings and roles'],
  *judge(traces, accused) {
    const asked = new Set(
      traces.changes.flatMap(({ value }) => value).map(({ namespace, pod }) => `${namespace}/${pod}`),
    );
    const pods = new Map<string, { pod: Traced<Pod>; suspect: boolean }>();
    for (const pod of traces.pods ?? []) pods.set(pod.value.uid, { pod, suspect: false });
    for (const pod of traces.suspects) pods.set(pod.value.uid, { pod, suspect: true });
    for (const { pod, suspect } of pods.values()) {
      const powers = powersOfPod(traces, pod);
      if (powers[0] === undefined) continue;
      const place = `${escapeForTerminal(pod.value.namespace)}/${escapeForTerminal(pod.value.name)}`;
      yield matchOf(pod, powers, suspect || asked.has(place) || accused().has(place));
    }
  },
};

function powersOfPod({ access }: NodeTraces, { source, value }: Traced<Pod>): Power[] {
  const known = access.get(source.acquisition);
  if (known === undefined) return [];
  const { namespace, serviceAccount: name = 'default' } = value;
  return powersOf(grantsOf(known, { namespace, name }));
}

function matchOf({ source, value }: Traced<Pod>, powers: readonly Power[], suspect: boolean): Match {
  const { namespace, name, serviceAccount: account = 'default', token } = value;
  const told = powers.slice(0, mostPowers);
  const more = powers.length > told.length ? ` and ${powers.length - told.length} more` : '';
  const gravest = powers[0];
  const binding = gravest?.grant.binding.value;
  return {
    subject: { namespace: escapeForTerminal(namespace), pod: escapeForTerminal(name) },
    seen: escapeForTerminal(
      `as ServiceAccount ${account} it can ${told.map(powerText).join('; ')}${more}${token ? '' : '; no token of the account is mounted'}`,
    ),
    ...(suspect && token && gravest !== undefined ? { severity: gravest.severity } : { severity: 'low' }),
    evidence: [
      evidence(source, `serviceAccountName: ${account}, token ${token ? 'mounted' : 'not mounted'}`),
      ...told.flatMap(({ grant }) => {
        const { binding: bound, role, rule } = grant;
        return [
          evidence(bound.source, bindingText(bound.value)),
          evidence(role.source, `${role.value.name}: ${JSON.stringify(rule)}`),
        ];
      }),
    ].filter((one, at, all) => all.findIndex(({ excerpt }) => excerpt === one.excerpt) === at),
    names: {
      account,
      ...(binding === undefined
        ? {}
        : binding.namespace === undefined
          ? { clusterrolebinding: binding.name }
          : { rolebinding: binding.name, rolenamespace: binding.namespace }),
    },
  };
}

function bindingText({ name, namespace, role, subjects }: Power['grant']['binding']['value']): string {
  const whom = subjects.map(
    (one) => `${one.kind} ${one.namespace === undefined ? '' : `${one.namespace}/`}${one.name}`,
  );
  return `${namespace === undefined ? 'ClusterRoleBinding' : `RoleBinding ${namespace}/`}${namespace === undefined ? ' ' : ''}${name}: ${role.kind} ${role.name} to ${whom.join(', ')}`;
}
