import type { Api } from '../../cluster/api.ts';
import { deleteObject } from '../../cluster/apply.ts';
import { OperationError } from '../../output/errors.ts';
import type { Io } from '../../output/io.ts';
import { objectName, podUidLabel } from '../names.ts';
import { changePod, type PodIdentity, podRef } from '../relabel.ts';
import { effectSeconds, policyAnswer } from './policy-answer.ts';

/** What the deletion policy is tried with: always in dry runs, which change nothing. */
export interface Trying {
  readonly api: Api;
  readonly io: Io;
  readonly subject: PodIdentity;
  readonly signal: AbortSignal;
}

/**
 * Tries to delete the pod and to take our label off until our policy refuses both. Undefined when it does, else why that was
 * not shown. With several API servers it is shown for the one that answered.
 */
export async function whenInForce(at: Trying): Promise<string | undefined> {
  const unshown = (what: string, why: string): string => `not shown to stop ${what}: ${why}`;
  for (const [what, attempt] of [
    ['deletion', tryDeletion],
    ['the loss of our label', tryUnlabelling],
  ] as const) {
    const answer = await answerOf(at, attempt, (one) => one !== 'allowed');
    if (answer === 'allowed') return unshown(what, `it was still allowed after ${effectSeconds} s`);
    if (answer !== 'refused') return unshown(what, answer);
  }
  return undefined;
}

/** Waits until our policy lets our label be taken off. Throws OperationError when it still refuses. */
export async function whenOutOfForce(at: Trying): Promise<void> {
  if ((await answerOf(at, tryUnlabelling, (one) => one !== 'refused')) !== 'refused') return;
  throw new OperationError(
    `validatingadmissionpolicy/${objectName(at.subject.uid)} still refuses to let our label go`,
    { advice: 'look whether somebody made it again, then run release again' },
  );
}

function answerOf(
  at: Trying,
  attempt: (at: Trying) => Promise<unknown>,
  isFinal: (answer: string) => boolean,
): Promise<string> {
  return policyAnswer(objectName(at.subject.uid), () => attempt(at), isFinal, at);
}

function tryDeletion({ api, subject, signal }: Trying): Promise<unknown> {
  return deleteObject(api, podRef(subject), { dryRun: true, uid: subject.uid, signal });
}

function tryUnlabelling({ api, subject, signal }: Trying): Promise<unknown> {
  return changePod(api, subject, { labels: { [podUidLabel]: null } }, { dryRun: true, signal });
}
