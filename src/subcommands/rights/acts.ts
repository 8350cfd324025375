import type { Right } from '../../cluster/access.ts';
import { splitApiVersion } from '../../cluster/path.ts';
import { type ActionKind, type ActRecord, nodeKinds } from '../../containment/acts/acts.ts';
import { groupOf, networkKinds, networks } from '../../containment/acts/deny-objects.ts';
import { type OwnerKind, ownerKinds, ownerResource } from '../../containment/facts/owner.ts';
import { admission, collector, type Places, rbac, rightsTo, subject } from './right.ts';

/** Without these nothing is isolated, because it could not be undone: the pod and its record. */
export function core(places: Places): Right[] {
  const { namespace, collectorNamespace } = places;
  return [
    ...subject(places),
    ...rightsTo(['patch'], { resource: 'pods', namespace }),
    ...rightsTo(['get', 'list', 'create', 'patch', 'delete'], {
      resource: 'configmaps',
      namespace: collectorNamespace,
    }),
  ];
}

/** What each act needs, to be done and undone. */
const acts: Readonly<Record<ActionKind, (places: Places) => Right[]>> = {
  guard: ({ namespace }) => [
    ...rightsTo(['get', 'create', 'delete'], {
      group: 'policy',
      resource: 'poddisruptionbudgets',
      namespace,
    }),
    ...admission.flatMap((object) => rightsTo(['get', 'create', 'delete'], object)),
    // Only ever as a dry run, to show that it is refused.
    ...rightsTo(['delete'], { resource: 'pods', namespace }),
  ],
  freeze: (places) => collector(places),
  cut: (places) => collector(places),
  inside: (places) => collector(places),
  deny: ({ namespace }) => [
    ...rightsTo(['get', 'create', 'delete'], {
      group: 'networking.k8s.io',
      resource: 'networkpolicies',
      namespace,
    }),
    // Only asked of networks that the API has.
    ...networks.flatMap((network) =>
      rightsTo(['get', 'list', 'create', 'delete'], {
        group: groupOf(network),
        resource: networkKinds[network].resource,
        namespace,
      }),
    ),
  ],
  token: ({ namespace }) => [
    ...admission.flatMap((object) => rightsTo(['get', 'create', 'delete'], object)),
    // Only ever as a dry run, to show that it is refused.
    ...rightsTo(['create'], { resource: 'configmaps', namespace }),
  ],
  bindings: () => [
    ...rightsTo(['get', 'patch'], { ...rbac, resource: 'rolebindings' }),
    ...rightsTo(['get', 'patch'], { ...rbac, resource: 'clusterrolebindings' }),
  ],
  account: ({ namespace }) =>
    rightsTo(['get', 'create', 'patch', 'delete'], { resource: 'serviceaccounts', namespace }),
  cordon: () => rightsTo(['get', 'patch'], { resource: 'nodes' }),
  // Only of the owner that the pod has.
  detach: ({ namespace }) =>
    ownerKinds.map(ownerOf).flatMap((object) => rightsTo(['get'], { ...object, namespace })),
};

/** What one act needs. */
export function actRights(kind: ActionKind, places: Places): Right[] {
  return acts[kind](places);
}

/** What taking recorded acts back needs; of guards and deny policies only what was placed, of owners the one that was left. */
export function undoRights(records: readonly ActRecord[], places: Places): Right[] {
  return [
    ...core(places),
    ...records.flatMap((record) =>
      actRights(record.kind, places).filter((right) => isNeededToUndo(record, right)),
    ),
  ];
}

function isNeededToUndo(record: ActRecord, { verb, group, resource }: Right): boolean {
  if (nodeKinds.includes(record.kind) || record.kind === 'account') return true;
  if (verb === 'create') return false;
  switch (record.kind) {
    case 'detach':
      return record.owner !== undefined && ownerOf(record.owner.kind).resource === resource;
    case 'deny':
      return group === 'networking.k8s.io' || record.networks.some((network) => groupOf(network) === group);
    case 'guard':
      return resource !== 'pods' && (group === 'policy' ? record.budget : record.policy);
    default:
      return true;
  }
}

/** A kind of owner as rights name it. */
export function ownerOf(kind: OwnerKind): { readonly group: string; readonly resource: string } {
  const { apiVersion, resource } = ownerResource(kind);
  return { group: splitApiVersion(apiVersion).group, resource };
}
