import { mayHoldCredentials } from '../../artifacts/sensitive.ts';
import type { Pod } from '../../cluster/objects.ts';
import type { Collector } from '../../collector/collector.ts';
import type { Case } from '../../evidence/case.ts';
import { diffPod } from '../../filesystem/diff.ts';
import type { PodDiff } from '../../filesystem/pod-diff.ts';
import { blindLines } from '../../filesystem/present.ts';
import { acquire } from '../session.ts';

/** Compares a pod's containers with their images into an acquisition of its own, what was found beside what it was found in. */
export async function acquireDiff(
  opened: Case,
  collector: Collector,
  pod: Pod,
  options: { readonly containers: readonly string[]; readonly signal: AbortSignal },
): Promise<PodDiff> {
  const { containers, signal } = options;
  const start = {
    kind: 'diff',
    target: pod.metadata?.name ?? '',
    node: collector.identity.node,
    options: { containers },
    sensitive: mayHoldCredentials,
  };
  const { result } = await acquire(opened, start, collector, async (acquisition) => {
    const diff = await diffPod(collector, pod, { containers, sink: acquisition, signal });
    await acquisition.addFile('live_response/pod-diff.json', Buffer.from(JSON.stringify(diff)), {
      artifact: 'pod-diff',
      source: 'made from the items of this acquisition',
    });
    return { result: diff, incomplete: blindLines(diff) };
  });
  return result;
}
