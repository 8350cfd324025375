import type { CallResult } from '../../collector/collector.ts';
import { OperationError } from '../../output/errors.ts';
import { checkedUid } from '../names.ts';
import { failed } from '../node-side.ts';
import { freezeSeconds } from '../probes.ts';
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
  const seconds = freezeSeconds(subject.probes);
  const summary =
    seconds === 0
      ? 'no time to stop it in: its probes would restart a container at once'
      : `every process of the pod stopped, for ${seconds} s at most; it goes on by itself`;
  return { kind: 'freeze', summary, seconds };
}

/** Freezes the pod, with the process already there that thaws it. */
export async function performFreeze(action: FreezeAction, at: Performing): Promise<Performed> {
  const { node, subject, signal } = at;
  const { seconds } = action;
  if (node === undefined) return noCollector;
  if (seconds === 0) return { outcome: 'not placed', detail: action.summary };
  const args = ['freeze', checkedUid(subject.uid), String(seconds)];
  const answer = await node.collector.call('freeze', args, { signal });
  const pid = /^frozen (\d{1,10})$/m.exec(answer.stdout.toString('latin1'))?.[1];
  if (answer.exitCode !== 0 || pid === undefined) {
    const why = whyNot(answer);
    if (why !== undefined) return { outcome: 'not placed', detail: why };
    throw failed('freeze the pod', subject.node, answer);
  }
  const until = new Date(at.io.now().getTime() + seconds * 1000).toISOString();
  const detail = `until ${until} at the latest; process ${pid} of ours, ir-thaw in the root cgroup of ${subject.node}, then lets it go on and ends`;
  at.stands(`the freeze of the pod, ${detail}`);
  return { outcome: 'done', detail };
}

function whyNot({ exitCode }: CallResult): string | undefined {
  switch (exitCode) {
    case 3:
      return 'no cgroup of the pod with a freezer was found';
    case 4:
      return 'somebody else has frozen it, or is about to thaw it';
    case 5:
      return 'the process that would thaw it cannot leave the cgroup of the collector, so it could die with it';
    case 6:
      return 'not all of its processes stopped in time, so it was let go on';
    default:
      return undefined;
  }
}

/** Lets the pod go on, when it is not over already. */
export async function undoFreeze(at: Undoing): Promise<string> {
  const { node, uid } = at.pod;
  if (!(await nodeIsThere(at))) return `node ${node} is gone, and the pod with it`;
  return at.onNode(node, async (collector) => {
    const answer = await collector.call('freeze', ['thaw', checkedUid(uid)], { signal: at.signal });
    switch (answer.exitCode) {
      case 0:
        return 'the pod is not frozen';
      case 3:
        return 'no cgroup of the pod is left on its node';
      case 4:
        throw new OperationError('the pod is frozen, but not by us', {
          advice: `look who did that on ${node}; it is left as it is`,
        });
      default:
        throw failed('thaw the pod', node, answer);
    }
  });
}
