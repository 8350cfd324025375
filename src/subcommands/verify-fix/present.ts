import type { Place, Recurrence } from '../../incident/recurrence.ts';
import { formatCount } from '../../output/count.ts';
import { type Io, writeLine } from '../../output/io.ts';
import { terminalLine } from '../../output/line.ts';
import { printData } from '../../output/printer.ts';
import type { Progress } from '../../output/progress.ts';
import { renderTable } from '../../output/table.ts';
import type { IsolationNow } from './look.ts';
import { isKept, isolationStep, traceStep } from './step.ts';
import type { FixVerification } from './verification.ts';

/** Rows of what is gone are told as a number; `wide` and data have them all. */
export async function printVerification(
  io: Io,
  progress: Progress,
  caseDir: string,
  verification: FixVerification,
  output: string | undefined,
  where = '',
): Promise<void> {
  const { isolations, traces, unseen, otherChanges } = verification;
  if (output === 'json' || output === 'yaml') {
    await printData(
      io,
      { apiVersion: 'kubectl-ir/v1', kind: 'FixVerification', case: caseDir, ...verification },
      output,
    );
  } else if (output === 'name') {
    for (const trace of traces)
      await writeLine(
        io.stdout,
        terminalLine(`${trace.state.replaceAll(' ', '-')}/${trace.what}/${placeText(trace.place)}`),
      );
  } else {
    await writeLine(io.stdout, summaryOf(verification));
    const shown = traces.filter(({ state }) => output === 'wide' || state !== 'gone');
    const rows = [
      ...isolations.map((one) => [...isolationRow(one), isolationStep(one, caseDir, where)]),
      ...shown.map((one) => [...traceRow(one, isolations), traceStep(one, isolations, caseDir, where)]),
    ];
    if (rows.length > 0)
      await writeLine(io.stdout, renderTable(['STATE', 'WHAT', 'WHERE', 'WHY', 'DO'], rows));
  }
  for (const { pod, drift } of isolations)
    for (const change of drift)
      await progress.warn(`drift: pod/${pod.name} in namespace ${pod.namespace}: ${change}`);
  for (const one of unseen) await progress.warn(`not looked at: ${one}`);
  if (otherChanges > 0)
    await progress.note(
      'Beside',
      `${formatCount(otherChanges, 'change')} of containers that are none of the case; see: kubectl ir diff pod`,
    );
}

function summaryOf({ verdict, traces, isolations }: FixVerification): string {
  const count = (state: Recurrence['state']): number => traces.filter((one) => one.state === state).length;
  const open = isolations.filter(({ state }) => state === 'open' || state === 'LEAKS').length;
  const parts = [
    `${count('still')} of ${traces.length - count('new')} still there`,
    ...(count('new') > 0 ? [`${count('new')} new`] : []),
    ...(open > 0 ? [`${formatCount(open, 'isolation')} not in force`] : []),
    `${count('not looked at')} not looked at`,
    `${count('gone')} gone`,
  ];
  return `${verdict}   ${parts.join(', ')}`;
}

function isolationRow({ pod, state, reasons }: IsolationNow): string[] {
  return [state, 'isolation', `${pod.namespace}/${pod.name} on ${pod.node}`, reasons.join('; ')];
}

function traceRow(trace: Recurrence, isolations: readonly IsolationNow[]): string[] {
  const { state, kind, severity = '', title, seen, place, why = '' } = trace;
  const what = kind === 'finding' ? `${severity.toUpperCase()} ${title}` : title;
  const where = seen.length === 0 ? [place] : seen;
  const texts = [...new Set(where.map((one) => `${placeText(one)}${standing(one, isolations)}`))];
  return [
    state,
    what,
    `${texts.slice(0, 3).join(', ')}${texts.length > 3 ? `, ${texts.length - 3} more` : ''}`,
    why,
  ];
}

/** A suspect that is kept for its evidence still holds what was found in it. */
function standing(place: Place, isolations: readonly IsolationNow[]): string {
  return isKept(place, isolations) ? ' (the isolated pod)' : '';
}

function placeText({ node, namespace, pod, container, pid, path }: Place): string {
  const place = [namespace, pod, container].filter((part) => part !== undefined).join('/');
  const words = [place, pid === undefined ? '' : `pid ${pid}`, place === '' ? (path ?? '') : ''].filter(
    (part) => part !== '',
  );
  return `${words.join(' ')}${words.length === 0 ? '' : ' '}on ${node}`;
}
