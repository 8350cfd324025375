import type { DetachRecord } from './acts/detach.ts';
import { renderTable } from '../output/table.ts';
import { bindingText } from './facts/grant.ts';
import { ownerText } from './facts/owner.ts';
import type { Fact } from './present.ts';
import { nameOf } from './present-group.ts';
import type { IsolationRecord } from './record.ts';
import type { ReleaseEnd } from './release-together.ts';

/** What a release will do, a line for each act of the record. */
export function releaseFacts({ acts, pod }: IsolationRecord, giveBack: boolean): Fact[] {
  const texts = acts.map((act) => {
    switch (act.kind) {
      case 'guard':
        return 'guards removed, annotations as before';
      case 'freeze':
        return 'processes of the pod let go on';
      case 'cut':
        return `link open on ${pod.node}`;
      case 'inside':
        return 'layer in the pod removed';
      case 'deny':
        return 'policies removed';
      case 'token':
        return 'policy against the tokens of the pod removed';
      case 'bindings':
        return `account back in ${act.bindings.map(bindingText).join(', ')}`;
      case 'account':
        return `serviceaccount/${act.name} stays as it is (its old tokens stay dead)`;
      case 'cordon':
        return `node ${pod.node} uncordoned`;
      case 'detach':
        return detachText(act, giveBack);
    }
  });
  return [{ label: 'Plan', text: [...texts, 'our label removed'].join('; ') }];
}

function detachText({ labels, owner }: DetachRecord, giveBack: boolean): string {
  const text = labelTexts(labels).join(', ');
  if (!giveBack) return `labels ${text} stay off, so that the pod stays detached (--return gives it back)`;
  return owner === undefined
    ? `labels ${text} back on the pod`
    : `labels ${text} back on the pod, and it with ${ownerText(owner)}`;
}

/**
 * What is left of an isolation that was released without giving the pod back: the record is gone, so the labels are told, and
 * what can be done with the pod. Labels of a record have the syntax of labels, so they are safe in a shell line.
 */
export function detachedFacts({ acts, pod }: IsolationRecord): Fact[] {
  const detached = acts.find((act) => act.kind === 'detach');
  if (detached === undefined) return [];
  const labels = labelTexts(detached.labels);
  const where = `pod ${pod.name} -n ${pod.namespace}`;
  const cost =
    detached.owner?.kind === 'ReplicaSet'
      ? `kubectl annotate ${where} controller.kubernetes.io/pod-deletion-cost=2147483647 && `
      : '';
  return [
    {
      label: 'Kept',
      text: `labels ${labels.join(', ')} stay off pod/${pod.name}: it runs on, and nothing selects it`,
    },
    { label: 'Return', text: `${cost}kubectl label ${where} ${labels.join(' ')}` },
    { label: 'Delete', text: `kubectl delete ${where}` },
  ];
}

function labelTexts(labels: DetachRecord['labels']): string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}

/** The answer for several pods: whether each is released, and what is left where it is not. */
export function releaseTable(ends: readonly ReleaseEnd[]): string {
  const rows = ends.map((end) => {
    const { pod } = end.found.record;
    if (!('done' in end)) return ['FAILED', nameOf(pod), pod.node, end.failure];
    const left = end.done.steps.filter(({ done }) => !done).map(({ name, detail }) => `${name}: ${detail}`);
    return [end.done.complete ? 'RELEASED' : 'PARTIAL', nameOf(pod), pod.node, left.join('; ')];
  });
  return renderTable(['STATE', 'POD', 'NODE', 'LEFT'], rows);
}
