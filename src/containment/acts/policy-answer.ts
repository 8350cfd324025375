import { ApiError } from '../../output/errors.ts';
import type { Io } from '../../output/io.ts';

/** Admission policies take effect late: each API server reads them once a second (Kubernetes, policy_source.go). */
export const effectSeconds = 8;
const pauseMs = 150;

/**
 * Tries what an admission policy of ours is to refuse, again and again, until the answer is final or `effectSeconds` are over. The
 * last answer: `refused` when it was that policy, `allowed`, or the message of another refusal. Throws what is no ApiError.
 */
export async function policyAnswer(
  policy: string,
  attempt: () => Promise<unknown>,
  isFinal: (answer: string) => boolean,
  { io, signal }: { readonly io: Io; readonly signal: AbortSignal },
): Promise<string> {
  const end = io.monotonic() + effectSeconds * 1000;
  for (;;) {
    const answer = await answerOf(policy, attempt, signal);
    if (isFinal(answer) || io.monotonic() > end) return answer;
    await io.sleep(pauseMs, signal);
  }
}

async function answerOf(
  policy: string,
  attempt: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<string> {
  try {
    await attempt();
    return 'allowed';
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ApiError)) throw error;
    return error.message.includes(`ValidatingAdmissionPolicy '${policy}'`) ? 'refused' : error.message;
  }
}
