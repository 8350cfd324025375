import type { Api } from '../../cluster/api.ts';
import { deleteObject } from '../../cluster/apply.ts';
import { ApiError, OperationError } from '../../output/errors.ts';
import type { Io } from '../../output/io.ts';
import { objectName, podUidLabel } from '../names.ts';
import { changePod, type PodIdentity, podRef } from '../relabel.ts';

/** Where the effect of the deletion policy is tried: always as dry runs, which change nothing. */
export interface Trying {
  readonly api: Api;
  readonly io: Io;
  readonly subject: PodIdentity;
  readonly signal: AbortSignal;
}

/** Admission policies take effect late: each API server reads them once a second (Kubernetes, policy_source.go). */
const effectMs = 8_000;
const pauseMs = 150;

/**
 * Tries a deletion and the loss of our label until both are refused by our policy; undefined then, else why that is not
 * shown. A server that others stand beside shows it for itself alone.
 */
export async function whenInForce(at: Trying): Promise<string | undefined> {
  const unshown = (what: string, why: string): string => `not shown to stop ${what}: ${why}`;
  for (const [what, attempt] of [
    ['deletion', tryDeletion],
    ['the loss of our label', tryUnlabelling],
  ] as const) {
    const answer = await answerOf(at, attempt, (one) => one !== 'allowed');
    if (answer === 'allowed') return unshown(what, `it was still allowed after ${effectMs / 1000} s`);
    if (answer !== 'refused') return unshown(what, answer);
  }
  return undefined;
}

/** Waits until our policy no longer refuses that our label is taken off. Throws OperationError when it still does. */
export async function whenOutOfForce(at: Trying): Promise<void> {
  if ((await answerOf(at, tryUnlabelling, (one) => one !== 'refused')) !== 'refused') return;
  throw new OperationError(
    `validatingadmissionpolicy/${objectName(at.subject.uid)} still refuses to let our label go`,
    { advice: 'look whether somebody made it again, then run release again' },
  );
}

/** The first answer that is final, or the last one when the time is over. */
async function answerOf(
  at: Trying,
  attempt: (at: Trying) => Promise<unknown>,
  final: (answer: string) => boolean,
): Promise<string> {
  const end = at.io.monotonic() + effectMs;
  for (;;) {
    const answer = await outcomeOf(at, attempt);
    if (final(answer) || at.io.monotonic() > end) return answer;
    await at.io.sleep(pauseMs, at.signal);
  }
}

/** `refused` by our policy, `allowed`, or why it could not be tried. */
async function outcomeOf(at: Trying, attempt: (at: Trying) => Promise<unknown>): Promise<string> {
  try {
    await attempt(at);
    return 'allowed';
  } catch (error) {
    at.signal.throwIfAborted();
    if (!(error instanceof ApiError)) throw error;
    const ours = error.message.includes(`ValidatingAdmissionPolicy '${objectName(at.subject.uid)}'`);
    return ours ? 'refused' : error.message;
  }
}

function tryDeletion({ api, subject, signal }: Trying): Promise<unknown> {
  return deleteObject(api, podRef(subject), { dryRun: true, uid: subject.uid, signal });
}

function tryUnlabelling({ api, subject, signal }: Trying): Promise<unknown> {
  return changePod(api, subject, { labels: { [podUidLabel]: null } }, { dryRun: true, signal });
}
