import { escapeForTerminal } from '../output/escape.ts';
import type { AcquisitionRecord } from './acquisition-record.ts';

/**
 * Text of `uac.log`, by which readers of UAC collections know the tar, in UAC's form `date time zone LEVEL message`.
 * Lines are the responder's; nothing of the node stands in it unescaped.
 */
export function uacLog(record: AcquisitionRecord): string {
  const line = (time: string, level: string, text: string): string =>
    `${time.slice(0, 19).replace('T', ' ')} +0000 ${level} ${escapeForTerminal(text)}\n`;
  const { started, items } = record;
  const end = record.finished ?? started;
  const collector = record.collector;
  return [
    line(started, 'INF', `kubectl ir ${record.tool.version}, collection ${record.collection}`),
    line(started, 'INF', `target ${record.target}, node ${record.node ?? 'none'}`),
    line(
      started,
      'INF',
      `by ${record.actor.user} on ${record.actor.host}, ${record.actor.api || 'identity unknown'}`,
    ),
    ...(collector === undefined
      ? []
      : [
          line(
            started,
            'INF',
            `collector pod ${collector.namespace}/${collector.pod}, image ${collector.imageID}`,
          ),
        ]),
    ...(record.clock === undefined
      ? []
      : [line(started, 'INF', `clock of the node is ${record.clock.skewMs} ms ahead`)]),
    ...(record.clockAfter === undefined
      ? []
      : [line(end, 'INF', `clock of the node is ${record.clockAfter.skewMs} ms ahead`)]),
    line(end, 'INF', `${items.count} items, ${items.bytes} bytes`),
    ...Object.entries(items.outcomes).map(([outcome, count]) =>
      line(end, outcome === 'ok' ? 'INF' : 'WRN', `${outcome} ${count}`),
    ),
    line(end, record.outcome === 'complete' ? 'INF' : 'ERR', `collection ${record.outcome}`),
  ].join('');
}
