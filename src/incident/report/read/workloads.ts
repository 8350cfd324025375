import { present } from '../../../artifacts/present.ts';
import type { ContainerFacts } from '../facts/changes.ts';
import type { FindingFacts } from '../facts/findings.ts';
import type { IsolationFacts } from '../facts/isolation.ts';
import type { Hardening, NodeFacts } from '../facts/nodes.ts';
import type { Workload } from '../facts/workloads.ts';
import { verdictOf } from '../summary.ts';
import { isGrave } from '../words.ts';
import type { Origin } from './image-labels.ts';
import type { PodFacts } from './pod.ts';
import type { Detached } from './story.ts';

/** Workloads that are told; a case is about few. */
const mostWorkloads = 50;
const mostPeers = 12;

export interface WorkloadSources {
  readonly isolations: readonly IsolationFacts[];
  readonly findings: readonly FindingFacts[];
  readonly containers: readonly ContainerFacts[];
  readonly pods: ReadonlyMap<string, PodFacts>;
  readonly services: ReadonlyMap<string, readonly string[]>;
  /** What the labels of images say, by the ids of containers. */
  readonly origins: ReadonlyMap<string, Origin>;
  readonly detached: (uid: string) => Detached | undefined;
}

/** The pods that a case is about: those that were isolated, those with grave findings, those that were compared. */
export function workloadsOf(sources: WorkloadSources): Workload[] {
  const { isolations, findings, containers, pods, services } = sources;
  const byName = new Map([...pods.values()].map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  const counts = new Map<string, { all: number; grave: number }>();
  for (const finding of findings) {
    const { namespace, pod } = finding.subject;
    if (namespace === undefined || pod === undefined) continue;
    const known = counts.get(`${namespace}/${pod}`) ?? { all: 0, grave: 0 };
    counts.set(`${namespace}/${pod}`, {
      all: known.all + 1,
      grave: known.grave + (isGrave(finding) ? 1 : 0),
    });
  }
  const names = new Set([
    ...isolations.map(({ namespace, pod }) => `${namespace}/${pod}`),
    ...[...counts].filter(([, { grave }]) => grave > 0).map(([name]) => name),
    ...containers.map(({ namespace, pod }) => `${namespace}/${pod}`),
  ]);
  return [...names].slice(0, mostWorkloads).map((name) => {
    const [namespace = '', pod = ''] = name.split('/');
    const isolation = isolations.find((one) => one.namespace === namespace && one.pod === pod);
    const object = byName.get(name);
    const detached = isolation === undefined ? undefined : sources.detached(isolation.uid);
    const compared = containers.filter((one) => one.namespace === namespace && one.pod === pod);
    return {
      namespace,
      pod,
      ...present({
        node: object?.node ?? isolation?.node,
        owner: object?.owner ?? detached?.owner,
        account: object?.account,
      }),
      services: services.get(name) ?? [],
      labels: [...new Set([...(object?.labels ?? []), ...(detached?.labels ?? [])])].sort(),
      peers: isolation === undefined ? [] : peersOf(isolation),
      containers: containersOf(object, compared, sources.origins),
      verdict: isolation === undefined ? 'NOT ISOLATED' : verdictOf(isolation),
      findings: counts.get(name)?.all ?? 0,
    };
  });
}

/** Connections that worked when the pod was isolated and were its own, not tried by us. */
function peersOf({ checks }: IsolationFacts): string[] {
  const flows = checks.items
    .filter(({ before, flow, probe }) => before === 'works' && probe !== true && !flow.startsWith('new '))
    .map(({ flow }) => flow)
    .filter((flow) => flow.includes(' -> '));
  return [...new Set(flows)].slice(0, mostPeers);
}

function containersOf(
  object: PodFacts | undefined,
  compared: readonly ContainerFacts[],
  origins: ReadonlyMap<string, Origin>,
): Workload['containers'] {
  const known = new Map((object?.containers ?? []).map((one) => [one.name, one]));
  for (const { container, image, imageID, id } of compared) {
    const before = known.get(container);
    known.set(container, {
      name: container,
      image,
      ...before,
      ...present({ id, imageID: before?.imageID ?? imageID }),
    });
  }
  return [...known.values()].map((one) => ({ ...one, ...origins.get(one.id ?? '') }));
}

/** MITRE ATT&CK: Escape to Host. */
const escape = 'T1611';
/** Rules that say that a node's own word can't be trusted any more, beside those of an escape. */
const hiding = new Set(['hidden-process', 'hidden-module', 'process-hidden-by-mount', 'tampered-program']);

/** The nodes of a case: what they are, whether somebody may have them as root, and which settings would have helped. */
export function nodesOf(
  named: ReadonlySet<string>,
  known: ReadonlyMap<string, Omit<NodeFacts, 'findings' | 'breakout' | 'hardening'>>,
  findings: readonly FindingFacts[],
  hardening: readonly (Hardening & { readonly node: string })[],
): NodeFacts[] {
  return [...named].sort().map((name) => {
    const own = findings.filter(({ subject }) => subject.node === name);
    const broken = own.filter(
      (finding) => isGrave(finding) && (finding.attack.includes(escape) || hiding.has(finding.rule)),
    );
    return {
      ...(known.get(name) ?? { name }),
      findings: own.length,
      breakout: [...new Set(broken.map(({ title }) => title))],
      hardening: hardening
        .filter(({ node }) => node === name)
        .map(({ where, setting, why, instead }) => ({ where, setting, why, instead })),
    };
  });
}
