import type { Docket } from './docket.ts';
import { evidence, type Evidence, type Finding, lesserThan, type Traced } from './finding.ts';
import type { Pod } from './pods.ts';
import type { Rule } from './rule.ts';

/** Fewer nodes are no fleet: on two of two an intruder may as well have been on both. */
const leastNodes = 3;
/** Of the nodes on which the rule was judged. */
const leastShare = 0.75;
/** Pods of other nodes that are given as evidence. */
const mostWitnesses = 3;

interface Placed {
  readonly finding: Finding;
  readonly pod: Traced<Pod>;
}

/**
 * Lowers by one step what rules that agents of nodes match by design found of the same DaemonSet, image and specification on most
 * nodes. Critical becomes high and never less: who may, runs a DaemonSet of his own on every node. Findings keep their order.
 */
export function weighedByNodes(
  findings: readonly Finding[],
  rules: readonly Rule[],
  dockets: readonly Docket[],
  notJudged: readonly { readonly rule: string }[],
): Finding[] {
  if (dockets.length < leastNodes) return [...findings];
  const ofAgents = new Set(rules.filter(({ agents }) => agents === true).map(({ id }) => id));
  const pods = podsByPlace(dockets);
  const groups = new Map<string, Placed[]>();
  const keys = new Map<Finding, string>();
  for (const finding of findings) {
    const { node, namespace = '', pod: name = '' } = finding.subject;
    const pod = pods.get(`${node} ${namespace}/${name}`);
    const key = pod === undefined || !ofAgents.has(finding.rule) ? undefined : keyOf(finding, pod.value);
    if (pod === undefined || key === undefined) continue;
    keys.set(finding, key);
    groups.set(key, [...(groups.get(key) ?? []), { finding, pod }]);
  }
  return findings.map((finding) => {
    const group = groups.get(keys.get(finding) ?? '') ?? [];
    const nodes = new Set(group.map((one) => one.finding.subject.node));
    const of = dockets.length - notJudged.filter(({ rule }) => rule === finding.rule).length;
    if (nodes.size < leastNodes || nodes.size < of * leastShare) return finding;
    return {
      ...finding,
      severity: lesserThan(finding.severity),
      common: { nodes: nodes.size, of, otherwise: finding.severity },
      evidence: [...finding.evidence, ...witnesses(finding, group)],
    };
  });
}

function podsByPlace(dockets: readonly Docket[]): Map<string, Traced<Pod>> {
  return new Map(
    dockets.flatMap(({ traces: { node, pods = [] } }) =>
      pods.map((pod) => [`${node} ${pod.value.namespace}/${pod.value.name}`, pod] as const),
    ),
  );
}

/** What must be the same; undefined where a pod is of no DaemonSet, or what it runs is not known by a digest. */
function keyOf({ rule, severity, subject, seen }: Finding, pod: Pod): string | undefined {
  const digests = pod.containers.map(({ name, imageID }) => `${name} ${imageID ?? ''}`);
  if (pod.daemonSet === undefined || pod.containers.some(({ imageID }) => imageID === undefined))
    return undefined;
  const { container = '', path = '' } = subject;
  return [rule, severity, pod.daemonSet.uid, pod.make, ...digests, container, plain(path), plain(seen)].join(
    '\0',
  );
}

/** Without what differs by process and pod: numbers, ids, and the name that a controller gave the pod. */
function plain(text: string): string {
  return text.replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{12,64}\b|[0-9]+/g, '#');
}

function witnesses({ subject }: Finding, group: readonly Placed[]): Evidence[] {
  const others = new Map(
    group
      .filter((one) => one.finding.subject.node !== subject.node)
      .map((one) => [one.finding.subject.node, one] as const),
  );
  return [...others].slice(0, mostWitnesses).map(([node, { pod, finding }]) => {
    const { daemonSet, containers } = pod.value;
    const image = containers.find(({ name }) => name === finding.subject.container) ?? containers[0];
    return evidence(
      pod.source,
      `the same on ${node}: ${pod.value.namespace}/${pod.value.name} of DaemonSet ${daemonSet?.name ?? ''}, image ${image?.imageID ?? ''}`,
    );
  });
}
