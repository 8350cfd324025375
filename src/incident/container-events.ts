import type { ContainerRecord } from '../artifacts/container-record.ts';
import { terminalLine } from '../output/line.ts';
import { type EventPlace, messageText, type TimelineEvent } from './event.ts';

/** When a container was made, started and ended, as its runtime noted it. */
export function* containerEvents(record: ContainerRecord, place: EventPlace): Generator<TimelineEvent> {
  const { id, container, name, pod, namespace, image, args, created, started, finished, exitCode, error } =
    record;
  const shown = container ?? name ?? id.slice(0, 12);
  const owner =
    namespace === undefined || pod === undefined ? undefined : terminalLine(`${namespace}/${pod}`);
  const event = (time: string, what: string, message: string): TimelineEvent => ({
    time,
    source: 'runtime',
    what,
    dataType: 'kubectl-ir:container',
    message: messageText(message),
    container: terminalLine(shown),
    ...(owner === undefined ? {} : { pod: owner }),
    ...(place.node === undefined ? {} : { node: place.node }),
  });
  const about = [shown, image].filter((text) => text !== undefined).join(', ');
  const command = args === undefined || args.length === 0 ? '' : `: ${args.join(' ')}`;
  if (created !== undefined) yield event(created, 'Creation Time', `container made (${about})${command}`);
  if (started !== undefined) yield event(started, 'Start Time', `container started (${about})${command}`);
  if (finished !== undefined)
    yield event(
      finished,
      'End Time',
      `container ended with ${exitCode ?? 'an unknown code'} (${about})${error === undefined ? '' : `: ${error}`}`,
    );
}
