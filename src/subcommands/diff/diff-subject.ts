import type { Pod } from '../../cluster/objects.ts';
import type { Right } from '../../cluster/access.ts';
import { ownsPods, selectionRights } from '../../cluster/selection.ts';
import { parseTarget } from '../../cluster/target.ts';
import { containersOf, wasRestarted } from '../../filesystem/container.ts';
import { parseContainerId } from '../../filesystem/diff-unknown.ts';
import { OperationError, UsageError } from '../../output/errors.ts';
import type { Choice as PodChoice } from '../choice.ts';

/** What diff was pointed at: pods of the API, or one container of a node by its id. */
export type Subject = { readonly pods: PodChoice } | { readonly node: string; readonly id: string };

/** Flags that choose what is looked at. */
export interface Choice {
  readonly container: readonly string[];
  readonly previous: boolean;
  readonly freeze: boolean;
  readonly selector: string | undefined;
  readonly node: string | undefined;
  readonly id: string | undefined;
}

/** One node, and what to look at there. */
export type NodeWork =
  { readonly node: string; readonly pods: readonly Pod[] } | { readonly node: string; readonly id: string };

/** The subject that was typed: a target, `-l SELECTOR`, or `--node NODE --id ID`; one of them. Throws UsageError otherwise. */
export function parseSubject(words: readonly string[], choice: Choice): Subject {
  const { selector, node, id, container, previous, freeze } = choice;
  if (node !== undefined || id !== undefined) {
    if (node === undefined || id === undefined)
      throw new UsageError(
        '--node NODE and --id CONTAINERID belong together: they name a container without the API',
      );
    if (words.length > 0 || selector !== undefined || container.length > 0 || previous || freeze)
      throw new UsageError(
        '--node and --id name one container; a pod, -l, -c, --previous and --freeze do not go with them',
      );
    const known = parseContainerId(id);
    if (known === undefined) throw new UsageError(`"${id}" is no container id`);
    return { node, id: known };
  }
  if (previous && freeze)
    throw new UsageError('--freeze stops what runs now; with --previous nothing of that is looked at');
  if (selector !== undefined) {
    if (words.length > 0) throw new UsageError('give a name or -l SELECTOR, not both');
    return { pods: { selection: { by: 'selector', text: selector } } };
  }
  const target = parseTarget(words);
  if (target.resource === 'pods') return { pods: { target } };
  if (ownsPods(target.resource)) return { pods: { selection: { by: 'owner', target } } };
  throw new UsageError(`diff pod takes a pod or an owner of pods, not ${target.resource}`);
}

/** True when several pods may be meant, however many there are now. */
export function isMany(subject: Subject): boolean {
  return 'pods' in subject && 'selection' in subject.pods;
}

/** A word for the subject, for the name of a new case. */
export function subjectName(subject: Subject): string {
  if (!('pods' in subject)) return subject.id.slice(0, 12);
  const { pods } = subject;
  if ('target' in pods) return pods.target.name;
  return pods.selection.by === 'owner' ? pods.selection.target.name : 'pods';
}

/** What has to be read beside pods to find the pods. */
export function subjectRights(subject: Subject, namespace: string): Right[] {
  return 'pods' in subject && 'selection' in subject.pods
    ? selectionRights(subject.pods.selection, namespace)
    : [];
}

/**
 * The pods by their nodes. Those that are on none have changed nothing; with `previous` only those of which something was restarted count.
 * Throws OperationError when none is left, or for a container that a pod has not.
 */
export function workOf(pods: readonly Pod[], { container, previous }: Choice): NodeWork[] {
  for (const pod of pods) containersOf(pod, container);
  const placed = pods.filter(({ spec }) => spec?.nodeName !== undefined);
  const [first] = placed;
  if (first === undefined) {
    const names = pods.map(({ metadata }) => `"${metadata?.name ?? ''}"`).join(', ');
    throw new OperationError(`pod ${names} is not on a node yet: it has changed nothing`);
  }
  const chosen = previous ? placed.filter((pod) => wasRestarted(pod, container)) : placed;
  if (chosen.length === 0) containersOf(first, container, { previous });
  const nodes = new Map<string, Pod[]>();
  for (const pod of chosen) {
    const node = pod.spec?.nodeName ?? '';
    nodes.set(node, [...(nodes.get(node) ?? []), pod]);
  }
  return [...nodes].map(([node, here]) => ({ node, pods: here }));
}
