import { Readable } from 'node:stream';
import { mayHoldCredentials } from '../../artifacts/sensitive.ts';
import type { Pod } from '../../cluster/objects.ts';
import type { Collector } from '../../collector/collector.ts';
import type { whileFrozen } from '../../containment/while-frozen.ts';
import type { Case } from '../../evidence/case.ts';
import type { DiffSpool } from '../../filesystem/change-log.ts';
import { diffJson } from '../../filesystem/diff-json.ts';
import { diffUnknown } from '../../filesystem/diff-unknown.ts';
import type { DiffOptions } from '../../filesystem/diff.ts';
import { diffPod } from '../../filesystem/diff.ts';
import type { PodDiff } from '../../filesystem/pod-diff.ts';
import { blindLines } from '../../filesystem/present.ts';
import { largerPieces } from '../../output/pieces.ts';
import { incidentBegan } from '../incident-began.ts';
import { acquire } from '../session.ts';

type Choice = Omit<DiffOptions, 'sink' | 'newLog' | 'incident'> & {
  readonly spool: DiffSpool;
  /** Whether it is looked at a second time, to see what a fix left. */
  readonly again?: boolean;
  /** Keeps the pod still while it is looked at. */
  readonly still?: (look: () => Promise<PodDiff>) => ReturnType<typeof whileFrozen<PodDiff>>;
};

/** Compares a pod's containers with their images into an acquisition of its own, what was found beside what it was found in. */
export function acquireDiff(opened: Case, collector: Collector, pod: Pod, options: Choice): Promise<PodDiff> {
  const { containers, previous, content, still, again } = options;
  const asked = {
    containers,
    content,
    ...(previous === true ? { previous } : {}),
    ...(still === undefined ? {} : { freeze: true }),
    ...(again === true ? { again } : {}),
  };
  return acquireWith(opened, collector, { target: pod.metadata?.name ?? '', asked, still }, async (sink) =>
    diffPod(collector, pod, { ...(await lookingOptions(opened, options)), sink }),
  );
}

/** The same for one container of the collector's node by its id, which the API need not know. */
export function acquireUnknown(
  opened: Case,
  collector: Collector,
  id: string,
  options: Choice,
): Promise<PodDiff> {
  return acquireWith(
    opened,
    collector,
    { target: id.slice(0, 12), asked: { id, content: options.content } },
    async (sink) => diffUnknown(collector, id, { ...(await lookingOptions(opened, options)), sink }),
  );
}

async function lookingOptions(opened: Case, options: Choice): Promise<Omit<DiffOptions, 'sink'>> {
  const incident = await incidentBegan(opened.dir);
  return { ...options, incident, newLog: () => options.spool.log(opened.dir) };
}

async function acquireWith(
  opened: Case,
  collector: Collector,
  {
    target,
    asked,
    still,
  }: {
    readonly target: string;
    readonly asked: Readonly<Record<string, unknown>>;
    readonly still?: Choice['still'];
  },
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
    const seen = (): Promise<PodDiff> => look(acquisition);
    const { result: diff, stillness } =
      still === undefined ? { result: await seen(), stillness: undefined } : await still(seen);
    await acquisition.addFile(
      'live_response/pod-diff.json',
      Readable.from(bytesOf(largerPieces(diffJson(diff, 0)))),
      {
        artifact: 'pod-diff',
        source: 'made from the items of this acquisition',
      },
    );
    return {
      result: diff,
      incomplete: blindLines(diff),
      ...(stillness === undefined ? {} : { footprint: { freeze: stillness } }),
    };
  });
  return result;
}

async function* bytesOf(pieces: AsyncIterable<string>): AsyncGenerator<Buffer, void> {
  for await (const piece of pieces) yield Buffer.from(piece, 'utf8');
}
