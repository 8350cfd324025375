import {
  type JsonObject,
  labelsOf,
  listOf,
  numberOf,
  objectOf,
  objectsOf,
  textOf,
  textsOf,
} from '../../artifacts/json.ts';
import { type LabelSelector, selects } from '../../cluster/selector.ts';
import { formatCount } from '../../output/count.ts';
import type { Control, ControlFacts, ControlJudgement, Manifest, UsedRight } from './control.ts';
import { hostPathsOf } from './pod-controls.ts';
import {
  containersOf,
  inPlace,
  lastingLabels,
  lastingName,
  nameOf,
  notLookedAt,
  notMeant,
} from './template.ts';

/** Controls that stand around a pod: in its namespace, its account, the API server. */
export const aroundControls: readonly Control[] = [
  {
    id: 'network-policy',
    title: 'a network policy, both ways',
    rules: ['reverse-shell', 'sensitive-endpoint', 'open-kubelet'],
    judge: judgeNetwork,
  },
  {
    id: 'host-paths',
    title: 'no directory of the node',
    rules: [
      'writable-node-path',
      'persistence-from-pod',
      'runtime-socket',
      'persistence-content',
      'working-directory-through-descriptor',
    ],
    judge: judgeHostPaths,
  },
  {
    id: 'pod-security',
    title: 'pod security is enforced in the namespace',
    rules: ['privileged-container', 'writable-node-path', 'persistence-from-pod', 'runtime-socket'],
    judge: judgePodSecurity,
  },
  { id: 'rbac', title: 'no more rights than are used', rules: ['credential-open'], judge: judgeRights },
  { id: 'limits', title: 'limits of memory and processor', rules: [], judge: judgeLimits },
  { id: 'disruption-budget', title: 'a disruption budget', rules: [], judge: judgeBudget },
  { id: 'audit', title: 'the API server keeps an audit log', rules: [], judge: judgeAudit },
];

/** What networking/v1 says of a policy without `policyTypes`: ingress always, egress where there is a rule for it. */
function judgeNetwork({ pod, policies }: ControlFacts): ControlJudgement {
  if (policies === undefined) return notLookedAt('the network policies of its namespace were not read');
  const chosen = policies
    .map((policy) => objectOf(policy['spec']) ?? {})
    .filter((spec) => selectsPod(spec['podSelector'], pod.labels));
  const types = new Set(
    chosen.flatMap((spec) => {
      const given = textsOf(spec['policyTypes']);
      return given.length > 0 ? given : ['Ingress', ...(spec['egress'] === undefined ? [] : ['Egress'])];
    }),
  );
  const open = ['Ingress', 'Egress'].filter((type) => !types.has(type));
  if (open.length === 0)
    return inPlace(`${formatCount(chosen.length, 'policy selects', 'policies select')} it, both ways`);
  const ports = containersOf(pod).flatMap((container) =>
    objectsOf(container['ports']).flatMap((port) => {
      const number = numberOf(port['containerPort']);
      return number === undefined ? [] : [{ port: number, protocol: textOf(port['protocol']) ?? 'TCP' }];
    }),
  );
  const dns = ['UDP', 'TCP'].map((protocol) => ({ port: 53, protocol }));
  return {
    state: 'missing',
    seen: `no policy restricts its ${open.join(' and ').toLowerCase()}`,
    manifest: {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
      metadata: { name: `${lastingName(pod)}-only-what-it-needs`, namespace: pod.namespace },
      spec: {
        podSelector: { matchLabels: lastingLabels(pod) },
        policyTypes: ['Ingress', 'Egress'],
        ingress: ports.length === 0 ? [] : [{ ports }],
        egress: [{ ports: dns }],
      },
    },
  };
}

function selectsPod(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  const found = objectOf(selector) ?? {};
  const expressions = objectsOf(found['matchExpressions']).map((one) => ({
    ...{
      key: textOf(one['key']) ?? '',
      operator: textOf(one['operator']) ?? '',
      values: textsOf(one['values']),
    },
  }));
  const checked: LabelSelector = {
    matchLabels: labelsOf(found['matchLabels']),
    matchExpressions: expressions,
  };
  return selects(checked, labels);
}

function judgeHostPaths({ pod }: ControlFacts): ControlJudgement {
  const paths = hostPathsOf(pod.spec);
  if (paths.length === 0) return inPlace('it mounts no directory of the node');
  return {
    state: 'missing',
    seen: `it mounts ${paths.join(', ')} of the node`,
    manifest: baselineOf(pod.namespace),
  };
}

/** Labels of namespaces by which the pod security admission refuses pods (kubernetes.io, Pod Security Admission). */
function judgePodSecurity({ pod, namespace }: ControlFacts): ControlJudgement {
  if (namespace === undefined) return notLookedAt(`the namespace "${pod.namespace}" was not read`);
  const level = labelsOf(objectOf(namespace['metadata'])?.['labels'])[enforceLabel];
  if (level === 'baseline' || level === 'restricted') return inPlace(`${enforceLabel} is ${level}`);
  const seen =
    level === undefined ? `namespace "${pod.namespace}" enforces nothing` : `${enforceLabel} is ${level}`;
  return { state: 'missing', seen, manifest: baselineOf(pod.namespace) };
}

const enforceLabel = 'pod-security.kubernetes.io/enforce';

function baselineOf(namespace: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { [enforceLabel]: 'baseline' } },
  };
}

/** Rights that lead to more rights (kubernetes.io, RBAC Good Practices, "privilege escalation risks"). */
const farReaching: readonly (readonly [resource: RegExp, verbs: RegExp])[] = [
  [/^\*$/, /./],
  [/./, /^(?:\*|escalate|bind|impersonate)$/],
  [/^secrets$/, /^(?:get|list|watch)$/],
  [/^pods\/(?:exec|attach|ephemeralcontainers)$/, /^(?:create|get|update|patch)$/],
  [/^(?:pods|deployments|daemonsets|statefulsets|jobs|cronjobs)$/, /^(?:create|update|patch)$/],
  [/^nodes\/proxy$/, /./],
  [/^serviceaccounts\/token$/, /^create$/],
  [/^(?:validating|mutating)webhookconfigurations$/, /^(?:create|update|patch)$/],
];

function judgeRights({ pod, grants, used }: ControlFacts): ControlJudgement {
  if (grants === undefined) return notLookedAt('what its ServiceAccount may do was not read');
  const unread = grants.find(({ rules }) => rules === undefined);
  const wide = grants.flatMap(({ binding, rules = [] }) =>
    rules.flatMap((rule) =>
      rightsIn(rule)
        .filter((right) => isUnused(right, used))
        .map((right) => `${right.verb} ${right.resource} by ${binding}`),
    ),
  );
  if (wide.length === 0) {
    if (unread !== undefined) return notLookedAt(`the role of ${unread.binding} was not read`);
    return inPlace(
      grants.length === 0
        ? 'no binding gives it anything'
        : 'nothing that leads to more rights, or all of it was used',
    );
  }
  const account = textOf(pod.spec['serviceAccountName']) ?? 'default';
  const more = wide.length > 3 ? ` and ${wide.length - 3} more` : '';
  const told = used === undefined ? 'no audit log tells what it used' : 'the audit log has no use of it';
  return {
    state: 'missing',
    seen: `serviceaccount/${account} may ${wide.slice(0, 3).join(', ')}${more}; ${told}`,
    manifest: {
      ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' },
      metadata: { name: `${account}-only-what-it-uses`, namespace: pod.namespace },
      rules: usedRules(used ?? []),
    },
    byHand: `bind that role to serviceaccount/${account}, then take it out of ${[...new Set(grants.map(({ binding }) => binding))].join(', ')}`,
  };
}

function rightsIn(rule: JsonObject): UsedRight[] {
  const groups = textsOf(rule['apiGroups']);
  return textsOf(rule['resources']).flatMap((resource) =>
    textsOf(rule['verbs'])
      .filter((verb) => farReaching.some(([on, verbs]) => on.test(resource) && verbs.test(verb)))
      .map((verb) => ({ verb, resource, group: groups[0] ?? '' })),
  );
}

/** A wildcard is never used as a whole. */
function isUnused(right: UsedRight, used: readonly UsedRight[] | undefined): boolean {
  if (used === undefined || right.verb === '*' || right.resource === '*') return true;
  return !used.some(({ verb, resource }) => verb === right.verb && resource === right.resource);
}

function usedRules(used: readonly UsedRight[]): object[] {
  const rules = new Map<string, { readonly used: UsedRight; readonly verbs: Set<string> }>();
  for (const one of used) {
    const key = `${one.group}/${one.resource}`;
    const rule = rules.get(key) ?? { used: one, verbs: new Set() };
    rule.verbs.add(one.verb);
    rules.set(key, rule);
  }
  return [...rules]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { used: one, verbs }]) => ({
      apiGroups: [one.group],
      resources: [one.resource],
      verbs: [...verbs].sort(),
    }));
}

function judgeLimits({ pod }: ControlFacts): ControlJudgement {
  const containers = containersOf(pod);
  if (containers.length === 0) return notLookedAt('no container of the pod is known');
  const lacking = containers.flatMap((container) => {
    const limits = objectOf(objectOf(container['resources'])?.['limits']) ?? {};
    const none = ['memory', 'cpu'].filter((what) => limits[what] === undefined);
    return none.length === 0 ? [] : [`${nameOf(container)}: no limit of ${none.join(' and ')}`];
  });
  if (lacking.length === 0) return inPlace('every container has limits');
  return {
    state: 'missing',
    seen: lacking.join('; '),
    manifest: {
      ...{ apiVersion: 'v1', kind: 'LimitRange' },
      metadata: { name: 'limits-unless-given', namespace: pod.namespace },
      spec: { limits: [{ type: 'Container', default: { cpu: '1', memory: '512Mi' } }] },
    },
  };
}

/** Only what runs several pods is kept running by a budget. */
function judgeBudget({ pod, budgets }: ControlFacts): ControlJudgement {
  const { controller } = pod;
  if (controller === undefined || !['Deployment', 'StatefulSet', 'ReplicaSet'].includes(controller.kind))
    return notMeant('its pod is none of several');
  if (budgets === undefined) return notLookedAt('the disruption budgets of its namespace were not read');
  const chosen = budgets.filter((budget) => {
    const selector = objectOf(objectOf(budget['spec'])?.['selector']);
    return selector !== undefined && selectsPod(selector, pod.labels);
  });
  if (chosen.length > 0) return inPlace(`${chosen.length} of them select it`);
  return {
    state: 'missing',
    seen: 'no budget selects it, so emptying a node may take all of it',
    manifest: {
      ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
      metadata: { name: lastingName(pod), namespace: pod.namespace },
      spec: { maxUnavailable: 1, selector: { matchLabels: lastingLabels(pod) } },
    },
  };
}

/** Flags of kube-apiserver (kubernetes.io, Auditing): a policy, and a log or a webhook to write to. */
function judgeAudit({ apiServers, used }: ControlFacts): ControlJudgement {
  if (used !== undefined) return inPlace('the case holds an audit log of it');
  if (apiServers === undefined || apiServers.length === 0)
    return notLookedAt('no pod of an API server is seen here; ask who runs the control plane');
  const has = (command: readonly string[], flag: RegExp): boolean =>
    listOf(command).some((word) => flag.test(String(word)));
  const off = apiServers.filter(
    (command) =>
      !has(command, /^--audit-policy-file(?:=|$)/) ||
      !has(command, /^--audit-(?:log-path|webhook-config-file)(?:=|$)/),
  );
  if (off.length === 0) return inPlace('every API server has a policy and a place for its log');
  return {
    state: 'missing',
    seen: `${off.length} of ${apiServers.length} API servers keep no audit log`,
    manifest: {
      ...{ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', metadata: { name: 'metadata-of-everything' } },
      rules: [{ level: 'Metadata' }],
    },
    byHand:
      'a file on each control plane node: --audit-policy-file names it, --audit-log-path where the log goes',
  };
}
