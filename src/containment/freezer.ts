import type { CallResult, Collector } from '../collector/collector.ts';
import { checkedUid } from './names.ts';
import { failed } from './node-side.ts';

/** The process of ours that lets the pod go on, by its pid on the node; or why the pod was not frozen. */
export type Frozen = { readonly thawer: string } | { readonly why: string };

/** Freezes a pod for so many whole seconds at most, with the process already there that thaws it. Throws OperationError for what has no name. */
export async function freezePod(
  collector: Collector,
  uid: string,
  seconds: number,
  signal: AbortSignal,
): Promise<Frozen> {
  const answer = await collector.call('freeze', ['freeze', checkedUid(uid), String(seconds)], { signal });
  const thawer = /^frozen (\d{1,10})$/m.exec(answer.stdout.toString('latin1'))?.[1];
  if (answer.exitCode === 0 && thawer !== undefined) return { thawer };
  const why = whyNot(answer);
  if (why === undefined) throw failed('freeze the pod', collector.identity.node, answer);
  return { why };
}

/**
 * What became of a freeze that was to be ended: `over` when it had ended by itself before, or there was none; `left` when the
 * process that was to thaw the pod was gone, and it was still frozen.
 */
export type Thawed = 'thawed' | 'over' | 'left' | 'no cgroup' | 'not ours';

/**
 * Lets a pod go on that we froze, when it is not over already. What nobody is there to thaw is thawed only when it is `ours` for
 * certain. Throws OperationError when it can't be.
 */
export async function thawPod(
  collector: Collector,
  uid: string,
  signal: AbortSignal,
  { ours = false }: { readonly ours?: boolean } = {},
): Promise<Thawed> {
  const words = ['thaw', checkedUid(uid), ...(ours ? ['ours'] : [])];
  const answer = await collector.call('freeze', words, { signal });
  switch (answer.exitCode) {
    case 0: {
      const [, said] = /^(thawed|left)$/m.exec(answer.stdout.toString('latin1')) ?? [];
      return said === 'thawed' || said === 'left' ? said : 'over';
    }
    case 3:
      return 'no cgroup';
    case 4:
      return 'not ours';
    default:
      throw failed('thaw the pod', collector.identity.node, answer);
  }
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
