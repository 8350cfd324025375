import { openCase } from '../../evidence/case.ts';
import type { Escalation } from '../../incident/plan/escalation-now.ts';
import { type Delivery, postMessage } from '../../incident/plan/webhook.ts';
import type { CommandContext } from '../command.ts';

/**
 * Posts the message of an escalation. With a case, custody says before what is sent to whom, and after what came of it. The
 * address is recorded without its path, which is a secret.
 */
export async function sendMessage(
  { io, signal }: CommandContext,
  webhook: URL,
  { message, step, chains, calls }: Escalation,
  dir: string | undefined,
): Promise<Delivery> {
  if (dir === undefined) return postMessage(io, webhook, message, signal);
  const opened = await openCase(io, { dir, target: '', create: false });
  const details = { text: message, step, chains, called: calls.map(({ name }) => name) };
  const record = (result: string, more: object): Promise<void> =>
    opened.custody.appendAfterSeal({
      action: 'message',
      object: `webhook ${webhook.host}`,
      result,
      details: { ...details, ...more },
    });
  try {
    await record('started', {});
    const delivery = await postMessage(io, webhook, message, signal).catch(async (error: unknown) => {
      await record('failed', { error: error instanceof Error ? error.message : String(error) });
      throw error;
    });
    await record('done', delivery);
    return delivery;
  } finally {
    await opened.close();
  }
}
