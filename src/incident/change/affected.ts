import { type JsonObject, objectOf, objectsOf, textOf } from '../../artifacts/json.ts';
import { type Account, bindsAccount, type BindingSubject, rolesOfEverybody } from '../../cluster/binding.ts';
import type { Labels } from '../../cluster/selector.ts';
import { type ObjectName, objectKey, objectText } from './change.ts';
import { isReleaseName } from './helm-record.ts';
import { releaseObject } from './helm-releases.ts';
import { nameOf, type ObjectFacts, objectFacts } from './object-facts.ts';

/** An owner of an owner of an owner …: nobody builds longer chains, but in a circle. */
const longestChain = 8;

/** What the incident is about: pods, and all that they are made of. */
export interface Affected {
  readonly pods: readonly { readonly namespace: string; readonly name: string; readonly labels: Labels }[];
  /** The pods, their owners up to the last one, and the Helm releases of these: keys of objects, and what each is. */
  readonly own: ReadonlyMap<string, string>;
  readonly accounts: readonly Account[];
  readonly namespaces: ReadonlySet<string>;
}

/** Pods and the owners of all of them, as the API has them; owners of others are left out. */
export function affectedBy(
  pods: readonly JsonObject[],
  owners: readonly JsonObject[],
  namespaces: readonly string[] = [],
): Affected {
  const known = factsByKey(owners);
  const own = new Map<string, string>();
  const add = (facts: ObjectFacts, text: string): void => {
    const key = objectKey(facts);
    if (own.has(key)) return;
    own.set(key, text);
    const release = releaseOf(facts);
    if (release !== undefined) own.set(objectKey(release), `the Helm release of ${objectText(facts)}`);
    for (const owner of facts.owners) {
      const above = known.get(objectKey(owner));
      if (above !== undefined) add(above, `its owner ${objectText(above)}`);
    }
  };
  const facts = pods.map(objectFacts).filter((one) => one !== undefined);
  for (const pod of facts) add(pod, 'the pod itself');
  const accounts = pods.map((pod) => ({
    namespace: textOf(objectOf(pod['metadata'])?.['namespace']) ?? '',
    name: textOf(objectOf(pod['spec'])?.['serviceAccountName']) ?? 'default',
  }));
  return {
    pods: facts.map(({ namespace = '', name, labels }) => ({ namespace, name, labels })),
    own,
    accounts: [...new Map(accounts.map((one) => [`${one.namespace}/${one.name}`, one])).values()],
    namespaces: new Set([...facts.map(({ namespace = '' }) => namespace), ...namespaces]),
  };
}

/** Finds the workload that makes a pod: the last of its owners that is known. */
export function workloadsOf(
  pods: readonly JsonObject[],
  owners: readonly JsonObject[],
): (pod: ObjectName) => ObjectName | undefined {
  const known = factsByKey([...pods, ...owners]);
  return (pod) => {
    let next = known.get(objectKey(pod));
    let last: ObjectFacts | undefined;
    for (let step = 0; next !== undefined && step < longestChain; step += 1) {
      const owner = next.owners.find(({ controller }) => controller);
      next = owner === undefined ? undefined : known.get(objectKey(owner));
      last = next ?? last;
    }
    return last === undefined ? undefined : nameOf(last);
  };
}

function factsByKey(objects: readonly JsonObject[]): Map<string, ObjectFacts> {
  return new Map(
    objects.flatMap((object) => {
      const facts = objectFacts(object);
      return facts === undefined ? [] : [[objectKey(facts), facts] as const];
    }),
  );
}

/** The Helm release that an object says it is of (Helm, pkg/action/validate.go). */
export function releaseOf({ annotations, namespace = '' }: ObjectFacts): ObjectName | undefined {
  const name = annotations['meta.helm.sh/release-name'];
  if (name === undefined || !isReleaseName(name)) return undefined;
  return releaseObject(annotations['meta.helm.sh/release-namespace'] ?? namespace, name);
}

/** The role that a binding gives to one of the accounts; undefined for other bindings, and for what everybody has. */
export function roleGiven(binding: JsonObject, accounts: readonly Account[]): ObjectName | undefined {
  const facts = objectFacts(binding);
  const role = objectOf(binding['roleRef']);
  const [kind, name] = [textOf(role?.['kind']), textOf(role?.['name'])];
  if (facts === undefined || kind === undefined || name === undefined || rolesOfEverybody.has(name))
    return undefined;
  const subjects = objectsOf(binding['subjects']).map(subjectOf);
  if (!accounts.some((account) => bindsAccount(subjects, facts.namespace, account))) return undefined;
  const place = kind === 'ClusterRole' || facts.namespace === undefined ? {} : { namespace: facts.namespace };
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind, ...place, name };
}

function subjectOf(subject: JsonObject): BindingSubject {
  const namespace = textOf(subject['namespace']);
  return {
    kind: textOf(subject['kind']) ?? '',
    name: textOf(subject['name']) ?? '',
    ...(namespace === undefined ? {} : { namespace }),
  };
}
