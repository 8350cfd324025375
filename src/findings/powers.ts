import type { PolicyRule } from './access.ts';
import { lesserThan, severities, type Severity } from './finding.ts';
import type { Grant } from './grants.ts';

/** What an account may do that leads further than its own work. */
export interface Power {
  /** As in `it can WHAT`. */
  readonly what: string;
  /** The namespace that it is bound to; missing where it holds everywhere. */
  readonly namespace?: string;
  /** Names of the only objects that it holds for; empty where it holds for all. */
  readonly names: readonly string[];
  /** What it weighs in the hands of an intruder. */
  readonly severity: Severity;
  readonly grant: Grant;
}

interface Danger {
  readonly what: string;
  readonly verbs: readonly string[];
  readonly group: string;
  readonly resources: readonly string[];
  readonly everywhere: Severity;
  /** In one namespace; missing where objects of the kind are in none. */
  readonly within?: Severity;
}

const reading = ['get', 'list', 'watch'];
const writing = ['create', 'update', 'patch'];
const rbac = 'rbac.authorization.k8s.io';

/** Kubernetes, "Role Based Access Control Good Practices", section on the risk of privilege escalation. */
const dangers: readonly Danger[] = [
  // Users and groups are in no namespace, so that a RoleBinding lets nobody act as them.
  {
    what: 'act as other users and groups',
    verbs: ['impersonate'],
    group: '',
    resources: ['users', 'groups'],
    everywhere: 'critical',
  },
  {
    what: 'act as other ServiceAccounts',
    verbs: ['impersonate'],
    group: '',
    resources: ['serviceaccounts'],
    everywhere: 'critical',
    within: 'medium',
  },
  {
    what: 'give itself any right (escalate, bind)',
    verbs: ['escalate', 'bind'],
    group: rbac,
    resources: ['roles', 'clusterroles'],
    everywhere: 'critical',
    within: 'high',
  },
  {
    what: 'get tokens of other accounts',
    verbs: ['create'],
    group: '',
    resources: ['serviceaccounts/token'],
    everywhere: 'critical',
    within: 'medium',
  },
  {
    what: 'run commands in every pod through kubelets (nodes/proxy)',
    verbs: ['get', 'create'],
    group: '',
    resources: ['nodes/proxy'],
    everywhere: 'high',
  },
  {
    what: 'read Secrets',
    verbs: reading,
    group: '',
    resources: ['secrets'],
    everywhere: 'high',
    within: 'medium',
  },
  {
    what: 'run commands in other pods',
    verbs: ['get', 'create'],
    group: '',
    resources: ['pods/exec', 'pods/attach'],
    everywhere: 'high',
    within: 'medium',
  },
  {
    what: 'put containers into running pods',
    verbs: ['update', 'patch'],
    group: '',
    resources: ['pods/ephemeralcontainers'],
    everywhere: 'high',
    within: 'medium',
  },
  {
    what: 'create pods',
    verbs: ['create'],
    group: '',
    resources: ['pods'],
    everywhere: 'high',
    within: 'medium',
  },
  {
    what: 'create pods through workloads',
    verbs: writing,
    group: 'apps',
    resources: ['deployments', 'daemonsets', 'statefulsets', 'replicasets'],
    everywhere: 'high',
    within: 'medium',
  },
  {
    what: 'create pods through jobs',
    verbs: writing,
    group: 'batch',
    resources: ['jobs', 'cronjobs'],
    everywhere: 'high',
    within: 'medium',
  },
  {
    what: 'create volumes of the disk of a node',
    verbs: ['create'],
    group: '',
    resources: ['persistentvolumes'],
    everywhere: 'high',
  },
  {
    what: 'see and change what others send to the API server (webhooks)',
    verbs: writing,
    group: 'admissionregistration.k8s.io',
    resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    everywhere: 'high',
  },
];

/** Namespaces whose Secrets and pods are those of the cluster itself: what is medium elsewhere is high there. */
const ofTheCluster = new Set(['kube-system']);

/** What of an account's grants an intruder would use, gravest first; each thing once, where it reaches furthest. */
export function powersOf(grants: readonly Grant[]): Power[] {
  const found = new Map<string, Power>();
  for (const grant of grants)
    for (const power of powersOfGrant(grant)) {
      const key = powerText(power);
      if (!found.has(key)) found.set(key, power);
    }
  const powers = [...found.values()];
  return powers
    .filter((power) => !powers.some((other) => other !== power && covers(other, power)))
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}

const everything = 'do everything';

function covers(wide: Power, { what, namespace }: Power): boolean {
  return (
    (wide.what === what || wide.what === everything) &&
    (wide.namespace === undefined || wide.namespace === namespace) &&
    wide.names.length === 0
  );
}

function* powersOfGrant(grant: Grant): Generator<Power> {
  const { rule, binding } = grant;
  const { namespace } = binding.value;
  const { names } = rule;
  const place = namespace === undefined ? {} : { namespace };
  if (
    rule.verbs.includes('*') &&
    rule.groups.includes('*') &&
    rule.resources.includes('*') &&
    names.length === 0
  ) {
    yield {
      what: everything,
      ...place,
      names,
      severity: namespace === undefined ? 'critical' : 'high',
      grant,
    };
    return;
  }
  for (const { what, verbs, group, resources, everywhere, within } of dangers) {
    if (!verbs.some((verb) => allows(rule.verbs, verb)) || !allows(rule.groups, group)) continue;
    // Nothing that is created has a name that a rule could ask for, but of a subresource it is that of its object.
    if (!resources.some((resource) => reaches(rule, resource, verbs))) continue;
    const base = namespace === undefined ? everywhere : within;
    if (base === undefined) continue;
    const raised =
      namespace !== undefined && base === 'medium' && ofTheCluster.has(namespace) ? 'high' : base;
    yield { what, ...place, names, severity: names.length > 0 ? lesserThan(raised) : raised, grant };
  }
}

function reaches(
  { resources, names, verbs: allowed }: PolicyRule,
  resource: string,
  verbs: readonly string[],
): boolean {
  const [, part] = resource.split('/');
  if (
    !resources.some((one) => one === '*' || one === resource || (part !== undefined && one === `*/${part}`))
  )
    return false;
  if (names.length === 0 || part !== undefined) return true;
  return verbs.some((verb) => verb !== 'create' && allows(allowed, verb));
}

function allows(allowed: readonly string[], wanted: string): boolean {
  return allowed.includes('*') || allowed.includes(wanted);
}

/** What a power is, as words: `read Secrets in namespace prod (only db)`. */
export function powerText({ what, namespace, names }: Power): string {
  const only = names.length === 0 ? '' : ` (only ${names.join(', ')})`;
  return `${what} ${namespace === undefined ? 'in the whole cluster' : `in namespace ${namespace}`}${only}`;
}
