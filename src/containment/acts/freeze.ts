import { OperationError } from '../../output/errors.ts';
import { freezePod, thawPod } from '../freezer.ts';
import { freezeSeconds, whyNoFreeze } from '../probes.ts';
import type { Subject } from '../subject.ts';
import type { Performed, Performing, Undoing } from './act.ts';
import { nodeIsThere, noCollector } from './cut.ts';

/** Stops every process of the pod before it can notice the cut, for a time in which no probe restarts a container. */
export interface FreezeAction {
  readonly kind: 'freeze';
  readonly summary: string;
  /** Whole seconds, at most; 0 when a probe would restart a container at once. */
  readonly seconds: number;
}

/** Needs nothing to be undone: the process that thaws is found by the uid, and ends by itself. */
export interface FreezeRecord {
  readonly kind: 'freeze';
}

/** The freeze of one pod. */
export function planFreeze(subject: Subject): FreezeAction {
  const { probes, faltering } = subject;
  const seconds = freezeSeconds(probes, faltering);
  const why = whyNoFreeze(probes, faltering);
  const summary =
    why === undefined
      ? `every process of the pod stopped, for ${seconds} s at most; it goes on by itself`
      : `no time to stop it in: ${why}`;
  return { kind: 'freeze', summary, seconds };
}

/** Freezes the pod, with the process already there that thaws it. */
export async function performFreeze(action: FreezeAction, at: Performing): Promise<Performed> {
  const { node, subject, signal } = at;
  const { seconds } = action;
  if (node === undefined) return noCollector;
  if (seconds === 0) return { outcome: 'not placed', detail: action.summary };
  const frozen = await freezePod(node.collector, subject.uid, seconds, signal);
  if ('why' in frozen) return { outcome: 'not placed', detail: frozen.why };
  const until = new Date(at.io.now().getTime() + seconds * 1000).toISOString();
  const detail = `until ${until} at the latest; process ${frozen.thawer} of ours, ir-thaw in the root cgroup of ${subject.node}, then lets it go on and ends`;
  at.stands(`the freeze of the pod, ${detail}`);
  return { outcome: 'done', detail };
}

/**
 * Lets the pod go on, when it is not over already. One that is frozen without the process that thaws is thawed by us when we
 * placed the freeze: that process was killed.
 */
export async function undoFreeze(at: Undoing): Promise<string> {
  const { node, uid } = at.pod;
  if (!(await nodeIsThere(at))) return `node ${node} is gone, and the pod with it`;
  const ours = at.tick !== undefined && !at.tick.startsWith('not placed');
  return at.onNode(node, async (collector) => {
    switch (await thawPod(collector, uid, at.signal, { ours })) {
      case 'thawed':
      case 'over':
        return 'the pod is not frozen';
      case 'left':
        return 'the pod goes on; the process that was to thaw it is gone';
      case 'no cgroup':
        return 'no cgroup of the pod is left on its node';
      case 'not ours':
        throw new OperationError('the pod is frozen, but not by us', {
          advice: `look who did that on ${node}; it is left as it is`,
        });
    }
  });
}
