import { mayHoldCredentials } from '../../artifacts/sensitive.ts';
import type { Pod } from '../../cluster/objects.ts';
import type { Collector } from '../../collector/collector.ts';
import type { Case } from '../../evidence/case.ts';
import { diffUnknown } from '../../filesystem/diff-unknown.ts';
import type { DiffOptions } from '../../filesystem/diff.ts';
import { diffPod } from '../../filesystem/diff.ts';
import type { PodDiff } from '../../filesystem/pod-diff.ts';
import { blindLines } from '../../filesystem/present.ts';
import { acquire } from '../session.ts';

type Choice = Omit<DiffOptions, 'sink'>;

/** Compares a pod's containers with their images into an acquisition of its own, what was found beside what it was found in. */
export function acquireDiff(opened: Case, collector: Collector, pod: Pod, options: Choice): Promise<PodDiff> {
  const { containers, previous } = options;
  const asked = { containers, ...(previous === true ? { previous } : {}) };
  return acquireWith(opened, collector, { target: pod.metadata?.name ?? '', asked }, (sink) =>
    diffPod(collector, pod, { ...options, sink }),
  );
}

/** The same for one container of the collector's node by its id, which the API need not know. */
export function acquireUnknown(
  opened: Case,
  collector: Collector,
  id: string,
  options: Choice,
): Promise<PodDiff> {
  return acquireWith(opened, collector, { target: id.slice(0, 12), asked: { id } }, (sink) =>
    diffUnknown(collector, id, { ...options, sink }),
  );
}

async function acquireWith(
  opened: Case,
  collector: Collector,
  { target, asked }: { readonly target: string; readonly asked: Readonly<Record<string, unknown>> },
  look: (sink: DiffOptions['sink']) => Promise<PodDiff>,
): Promise<PodDiff> {
  const start = {
    kind: 'diff',
    target,
    node: collector.identity.node,
    options: asked,
    sensitive: mayHoldCredentials,
  };
  const { result } = await acquire(opened, start, collector, async (acquisition) => {
    const diff = await look(acquisition);
    await acquisition.addFile('live_response/pod-diff.json', Buffer.from(JSON.stringify(diff)), {
      artifact: 'pod-diff',
      source: 'made from the items of this acquisition',
    });
    return { result: diff, incomplete: blindLines(diff) };
  });
  return result;
}
