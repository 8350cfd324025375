import type { OnCall, OnCallGap, OnCallList } from '../../incident/plan/on-call-list.ts';
import type { Way } from '../../incident/plan/plan.ts';
import { type Io, writeLine } from '../../output/io.ts';
import { terminalLine } from '../../output/line.ts';
import { printData } from '../../output/printer.ts';
import { createProgress } from '../../output/progress.ts';
import { renderTable } from '../../output/table.ts';

/** Ways to reach somebody that a line has room for. */
const shownWays = 2;

/** Prints whom to call: a table, names of people for scripts, or data. */
export async function printWho(io: Io, list: OnCallList, output: string | undefined): Promise<void> {
  if (output === 'json' || output === 'yaml') return printData(io, list, output);
  if (output !== 'name') return writeLine(io.stdout, whoTable(list.calls, output === 'wide'));
  for (const { id } of list.calls) if (id !== undefined) await writeLine(io.stdout, `person/${id}`);
}

/** Says that a plan has errors, where it has. */
export async function tellErrors(io: Io, errors: number): Promise<void> {
  if (errors === 0) return;
  const what = `errors in the plan: ${errors}; what has one is left out`;
  await createProgress(io).warn(`${what}. See: kubectl ir plan check`);
}

/** People in the order of calling, with how to reach them. */
export function whoTable(calls: readonly OnCall[], wide: boolean): string {
  const headers = ['CALL', 'NAME', 'REACH', 'THEIR TIME', 'UNTIL (UTC)', 'NEXT', 'AS'];
  const rows = calls.map((call) => [
    `${call.order}`,
    call.name,
    waysText(wide ? call.reach : call.reach.slice(0, shownWays)),
    call.localTime === undefined ? '-' : `${call.localTime}${wide ? ` ${call.timeZone ?? ''}` : ''}`,
    call.until === undefined ? '-' : minuteText(call.until),
    nextText(call, wide),
    call.via.join(', '),
    call.id ?? '-',
  ]);
  return renderTable(wide ? [...headers, 'ID'] : headers, rows);
}

/** `phone +43 1 234, chat @jane`. */
export function waysText(ways: readonly Way[]): string {
  return ways.length === 0 ? 'the plan does not say' : ways.map(({ by, at }) => `${by} ${at}`).join(', ');
}

/** A moment in UTC to the minute: `2026-11-30 09:00`. */
export function minuteText(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}

/** One sentence without a full stop. */
export function gapText({ reference, why, until }: OnCallGap): string {
  return terminalLine(`${reference}: ${why}${until === undefined ? '' : ` until ${minuteText(until)} UTC`}`);
}

/** The moment only where it is not that at which the one before ends. */
function nextText({ next, until }: OnCall, wide: boolean): string {
  if (next === undefined) return '-';
  return wide || next.from !== until ? `${next.name} from ${minuteText(next.from)}` : next.name;
}
