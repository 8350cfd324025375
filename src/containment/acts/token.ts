import { createObject } from '../../cluster/apply.ts';
import { OperationError } from '../../output/errors.ts';
import type { Subject } from '../subject.ts';
import type { Performed, Performing, Undoing, Validating } from './act.ts';
import { objectText, placeObject, removeObject } from './own-object.ts';
import { effectSeconds, policyAnswer } from './policy-answer.ts';
import { tokenObjects, tokenPolicyName, tokenRefs, tokenTrialName } from './token-objects.ts';

/** Refuses writes to the API by tokens that are bound to the pod. */
export interface TokenAction {
  readonly kind: 'token';
  readonly summary: string;
}

/** Names of the objects follow from the pod's uid. */
export interface TokenRecord {
  readonly kind: 'token';
}

/** What the policy leaves open, in the plan. */
const tokenLeaves =
  'reads go on (get, list, watch), and so do writes by the account’s other tokens and those of admission policies and webhook configurations, which no policy sees';

/** The policy against the tokens of one pod. */
export function planToken({ uid }: Subject): TokenAction {
  return {
    kind: 'token',
    summary: `validatingadmissionpolicy/${tokenPolicyName(uid)} refuses writes by tokens of this pod; ${tokenLeaves}`,
  };
}

/** Places the policy and its binding; that they work is shown later, beside the other acts. */
export async function performToken({ summary }: TokenAction, at: Performing): Promise<Performed> {
  const { uid } = at.subject;
  at.stands(`validatingadmissionpolicy/${tokenPolicyName(uid)} against the pod's tokens`);
  for (const object of tokenObjects(uid)) await placeObject(at.api, object, { signal: at.signal });
  return {
    outcome: 'done',
    detail: summary,
    settled: settle(summary, { ...at, signal: AbortSignal.any([at.signal, at.stop]) }),
  };
}

/** Never rejects with an expected error, because nobody may be waiting for it any more. */
async function settle(summary: string, at: Performing): Promise<Performed> {
  try {
    const gap = await notInForce(at);
    if (gap === undefined) return { outcome: 'done', detail: `${summary}; the server was seen to ask it` };
    return { outcome: 'part', detail: `${summary}; not shown to work: ${gap}` };
  } catch (error) {
    if (!(error instanceof OperationError) && !at.signal.aborted) throw error;
    const why = error instanceof Error ? error.message : 'stopped';
    return { outcome: 'part', detail: `${summary}; not shown to work: ${why}` };
  }
}

/** Tries, in dry runs, what the policy refuses to anybody. Undefined when it does, else why that was not shown. */
async function notInForce({ api, io, subject, signal }: Performing): Promise<string | undefined> {
  const { namespace, uid } = subject;
  const trial = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: tokenTrialName(uid), namespace },
  };
  const attempt = (): Promise<unknown> => createObject(api, trial, { dryRun: true, signal });
  const isFinal = (one: string): boolean => one !== 'allowed';
  const answer = await policyAnswer(tokenPolicyName(uid), attempt, isFinal, { io, signal });
  if (answer === 'refused') return undefined;
  return answer === 'allowed' ? `the server did not ask it within ${effectSeconds} s` : answer;
}

/** What the server would do, in kubectl's words. */
export async function validateToken(_: TokenAction, at: Validating): Promise<string[]> {
  const objects = tokenObjects(at.subject.uid);
  for (const object of objects) await placeObject(at.api, object, { dryRun: true, signal: at.signal });
  return objects.map((object) => `${objectText(object)} created (server dry run)`);
}

/** Removes both. */
export async function undoToken(at: Undoing): Promise<string> {
  const { uid } = at.pod;
  for (const ref of tokenRefs(uid)) await removeObject(at.api, at.io, ref, { uid, signal: at.signal });
  return 'tokens of the pod may write again what their account may';
}
