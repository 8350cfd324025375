import { type JsonObject, labelsOf, objectOf, objectsOf, textOf, textsOf } from '../../artifacts/json.ts';
import { type LabelSelector, selects } from '../../cluster/selector.ts';
import { type Affected, roleGiven } from './affected.ts';
import { type ConfigurationChange, type ObjectName, objectKey, objectText } from './change.ts';

/** How near a change is to what is affected, the nearest first. */
export const levels = ['own', 'account', 'policy', 'beginning', 'namespace', 'cluster'] as const;
export type Level = (typeof levels)[number];

export interface Nearness {
  readonly level: Level;
  /** Why, in a few words. */
  readonly reason: string;
}

/** Judges how near changes are to what is affected. */
export class Nearnesses {
  readonly #affected: Affected;
  /** Roles that the accounts have or had, by their keys. */
  readonly #roles: ReadonlySet<string>;

  /** `bindings` are those that are known, besides what the changes themselves tell of some. */
  constructor(affected: Affected, bindings: readonly JsonObject[], changes: readonly ConfigurationChange[]) {
    this.#affected = affected;
    const known = [...bindings, ...changes.flatMap(({ bodies }) => bodies)];
    this.#roles = new Set(
      known.flatMap((binding) => {
        const role = roleGiven(binding, affected.accounts);
        return role === undefined ? [] : [objectKey(role)];
      }),
    );
  }

  /** Undefined for what is in another namespace. */
  of(change: ConfigurationChange): Nearness | undefined {
    const { object, action, bodies } = change;
    const { own, accounts, namespaces } = this.#affected;
    const key = objectKey(object);
    const chain = own.get(key);
    if (chain !== undefined)
      return action === 'created' && change.source !== 'helm'
        ? begins(chain)
        : { level: 'own', reason: chain };
    switch (object.kind) {
      case 'ServiceAccount':
        if (!accounts.some(({ namespace, name }) => namespace === object.namespace && name === object.name))
          break;
        return action === 'created'
          ? begins(`its ServiceAccount ${object.name}`)
          : { level: 'account', reason: `its ServiceAccount ${object.name}` };
      case 'RoleBinding':
      case 'ClusterRoleBinding': {
        const gives = bodies.map((body) => roleGiven(body, accounts)).find((role) => role !== undefined);
        if (gives === undefined) break;
        return { level: 'account', reason: `gives ${objectText(gives)} to its ServiceAccount` };
      }
      case 'Role':
      case 'ClusterRole':
        if (!this.#roles.has(key)) break;
        return { level: 'account', reason: 'a role of its ServiceAccount' };
      case 'NetworkPolicy':
        if (object.namespace === undefined || !namespaces.has(object.namespace)) break;
        if (bodies.length === 0)
          return { level: 'policy', reason: 'a policy of its namespace; whom it selected is not known' };
        if (!this.#isSelected(object, bodies)) break;
        return { level: 'policy', reason: 'selects it' };
      case 'Namespace':
        if (!namespaces.has(object.name)) return undefined;
        return action === 'created'
          ? begins(`its namespace ${object.name}`)
          : { level: 'namespace', reason: 'its namespace itself' };
    }
    if (object.namespace === undefined) return { level: 'cluster', reason: clusterReason(object) };
    return namespaces.has(object.namespace)
      ? { level: 'namespace', reason: `in its namespace ${object.namespace}` }
      : undefined;
  }

  #isSelected({ namespace }: ObjectName, bodies: readonly JsonObject[]): boolean {
    const selectors = bodies.map((body) => selectorOf(objectOf(objectOf(body['spec'])?.['podSelector'])));
    return this.#affected.pods.some(
      (pod) => pod.namespace === namespace && selectors.some((selector) => selects(selector, pod.labels)),
    );
  }
}

/** With its creation the history of what is affected begins: what changed since then is looked at before it. */
function begins(what: string): Nearness {
  return { level: 'beginning', reason: `${what} begins with it` };
}

function clusterReason({ kind }: ObjectName): string {
  if (/Webhook/.test(kind)) return 'admission in the whole cluster';
  return /AdmissionPolicy/.test(kind) ? 'admission policy of the cluster' : 'in the whole cluster';
}

/** A selector as it was written by anybody. */
function selectorOf(selector: JsonObject | undefined): LabelSelector {
  return {
    matchLabels: labelsOf(selector?.['matchLabels']),
    matchExpressions: objectsOf(selector?.['matchExpressions']).map((one) => ({
      key: textOf(one['key']) ?? '',
      operator: textOf(one['operator']) ?? '',
      values: textsOf(one['values']),
    })),
  };
}
