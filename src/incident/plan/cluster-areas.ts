import { collectorNamespace } from '../../collector/names.ts';
import { type DraftArea, idOf } from './draft-plan.ts';

/** As much of a namespace or a workload as tells whose it is. */
export interface OwnedObject {
  /** Missing for a namespace itself. */
  readonly namespace?: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Common labels of Kubernetes: the application that something is a part of. */
const partOf = 'app.kubernetes.io/part-of';
/** Last parts of the keys that organisations put an owner under. */
const ownerKeys = ['team', 'owner', 'owned-by', 'contact', 'maintainer'];
/** More than these are no longer areas of expertise. */
const mostAreas = 40;

/**
 * Areas of expertise as the cluster's labels tell them: the cluster itself, each application (`app.kubernetes.io/part-of`), and
 * each other namespace (`default` when something is in it). Owners come from labels and annotations such as `team` or `example.org/owner`. At most 40.
 */
export function clusterAreas(
  namespaces: readonly OwnedObject[],
  workloads: readonly OwnedObject[],
): DraftArea[] {
  const system = namespaces.map(({ name }) => name).filter(isSystem);
  const isUsed = (name: string): boolean =>
    name !== 'default' || workloads.some(({ namespace }) => namespace === name);
  const ordinary = namespaces.filter(({ name }) => !isSystem(name) && isUsed(name));
  const applications = new Map<string, OwnedObject[]>();
  for (const one of [...ordinary, ...workloads.filter(({ namespace }) => !isSystem(namespace ?? ''))]) {
    const application = one.labels?.[partOf];
    if (application !== undefined && application !== '')
      applications.set(application, [...(applications.get(application) ?? []), one]);
  }
  const placesOf = (objects: readonly OwnedObject[]): string[] =>
    [...new Set(objects.map(({ namespace, name }) => namespace ?? name))].sort();
  const claimed = new Set([...applications.values()].flatMap(placesOf));
  const areas = [
    { id: 'cluster', name: 'The cluster: nodes, network, storage', namespaces: system },
    ...Array.from(applications, ([application, objects]) => ({
      id: idOf(application),
      name: application,
      namespaces: placesOf(objects),
      selector: `${partOf}=${application}`,
      ...ownerOf([...objects, ...ordinary.filter(({ name }) => placesOf(objects).includes(name))]),
    })),
    ...ordinary
      .filter(({ name }) => !claimed.has(name))
      .map((namespace) => ({
        id: idOf(namespace.name),
        name: `What runs in ${namespace.name}`,
        namespaces: [namespace.name],
        ...ownerOf([namespace, ...workloads.filter((one) => one.namespace === namespace.name)]),
      })),
  ];
  return withOwnIds(areas).slice(0, mostAreas);
}

/** The owner that most of the objects name. */
function ownerOf(objects: readonly OwnedObject[]): { owner?: string } {
  const counts = new Map<string, number>();
  for (const { labels = {}, annotations = {} } of objects)
    for (const [key, value] of [...Object.entries(labels), ...Object.entries(annotations)])
      if (
        value.trim() !== '' &&
        value.length <= 63 &&
        ownerKeys.includes(key.split('/').at(-1)?.toLowerCase() ?? '')
      )
        counts.set(value, (counts.get(value) ?? 0) + 1);
  const [best] = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return best === undefined ? {} : { owner: best[0] };
}

function isSystem(namespace: string): boolean {
  return namespace.startsWith('kube-') || namespace === collectorNamespace;
}

function withOwnIds(areas: readonly DraftArea[]): DraftArea[] {
  const used = new Map<string, number>();
  return areas.map((area) => {
    const before = used.get(area.id) ?? 0;
    used.set(area.id, before + 1);
    return before === 0 ? area : { ...area, id: `${area.id}-${before + 1}` };
  });
}
