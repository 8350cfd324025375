import { utcText } from '../artifacts/instant.ts';
import { messageText, type TimelineEvent } from './event.ts';

/** What a line of custody has that a timeline shows. */
export interface CustodyAct {
  readonly time: string;
  readonly action: string;
  readonly object: string;
  readonly result: string;
  readonly actor: { readonly user?: unknown; readonly host?: unknown; readonly api?: unknown };
}

/** One act of a responder or of this program, by the responder's clock. */
export function custodyEvent({ time, action, object, result, actor }: CustodyAct): TimelineEvent {
  const word = (value: unknown): string => (typeof value === 'string' ? value : '');
  const as = word(actor.api) === '' ? '' : ` as ${word(actor.api)}`;
  return {
    time: utcText(time) ?? '',
    source: 'custody',
    what: 'Recorded Time',
    dataType: 'kubectl-ir:custody',
    message: messageText(`${action} ${object}: ${result}, by ${word(actor.user)}@${word(actor.host)}${as}`),
    ...(word(actor.user) === '' ? {} : { user: messageText(word(actor.user)) }),
  };
}
