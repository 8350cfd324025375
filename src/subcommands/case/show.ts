import { type AcquisitionStatus, type CaseStatus, readCaseStatus } from '../../evidence/case-status.ts';
import type { CustodyLine } from '../../evidence/custody-line.ts';
import { courseOf } from '../../incident/course-of.ts';
import { incidentStatus, type IncidentStatus } from '../../incident/incident-status.ts';
import { formatCount } from '../../output/count.ts';
import { exitCode } from '../../output/errors.ts';
import { type Io, writeLine } from '../../output/io.ts';
import { terminalLine } from '../../output/line.ts';
import { printData } from '../../output/printer.ts';
import { createProgress } from '../../output/progress.ts';
import { formatSize } from '../../output/size.ts';
import { renderTable } from '../../output/table.ts';
import { caseWord } from '../case-word.ts';
import { defineCommand } from '../command.ts';
import { outputFlags } from '../flags.ts';
import { incidentFacts } from './incident-facts.ts';
import { taskTable } from './task.ts';

/** `kubectl ir case show CASE`: what a case says of itself and of its incident. Exit 3 when a part of it cannot be read. */
export const command = defineCommand({
  flags: outputFlags,
  complete: (words, { output }, { io }) => ({ dir: caseWord(io, 'case show', words), output }),
  run: async ({ dir, output }, { io }) => {
    const lines: CustodyLine[] = [];
    const status = await readCaseStatus(dir, (line) => lines.push(line));
    const incident = incidentStatus(courseOf(lines));
    if (output === 'json' || output === 'yaml') await printData(io, { ...status, incident }, output);
    else if (output === 'name') await writeLine(io.stdout, terminalLine(`case/${status.name}`));
    else await printTables(io, status, incident, output === 'wide');
    const progress = createProgress(io);
    if (incident.malformed > 0)
      await progress.warn(
        `lines of custody that should tell of the incident and cannot be read: ${incident.malformed}`,
      );
    for (const { name, reason } of status.unreadable) await progress.warn(`acquisition ${name}: ${reason}`);
    for (const note of status.notes) await progress.warn(note);
    return status.unreadable.length + status.notes.length + incident.malformed === 0
      ? exitCode.done
      : exitCode.partial;
  },
});

async function printTables(
  io: Io,
  status: CaseStatus,
  incident: IncidentStatus,
  wide: boolean,
): Promise<void> {
  await writeLine(io.stdout, `${status.state.toUpperCase()}   ${terminalLine(status.name)}`);
  await writeLine(io.stdout, renderTable(['FACT', 'VALUE'], [...incidentFacts(incident), ...facts(status)]));
  if (incident.openTasks.length > 0) await writeLine(io.stdout, taskTable(incident.openTasks, io.now()));
  const rows = [
    ...status.acquisitions.map((acquisition) => acquisitionRow(acquisition, wide)),
    ...status.unreadable.map(({ name }) => [name, 'unreadable', '-', '-', '-']),
  ];
  if (rows.length === 0) return;
  const headers = ['ACQUISITION', 'OUTCOME', 'ITEMS', 'SIZE', wide ? 'OUTCOMES' : 'NOT WHOLE'];
  await writeLine(io.stdout, renderTable(headers, rows));
}

function facts({ record, sealed, closed, custody, signatures }: CaseStatus): [string, string][] {
  const { seq, action, time, digest, afterSeal } = custody;
  const details: [string, string | undefined][] = [
    ['number', record?.number],
    ['evidence', record?.evidenceNumbers?.join(', ')],
    ['examiner', record?.examiner],
    ['organisation', record?.organisation],
    ['created', record?.created],
    ['sealed', sealed],
    [
      'closed',
      closed === undefined ? undefined : `${closed.time} by ${closed.actor.user} on ${closed.actor.host}`,
    ],
    [
      'custody',
      `${formatCount(seq, 'line')}, ${afterSeal} of them after the seal, last ${action} at ${time}`,
    ],
    ['last line', `sha256 ${digest}`],
    ...signatures.map(({ keyType, fingerprint }): [string, string] => [
      'signed',
      `${keyType} ${fingerprint}`,
    ]),
  ];
  return details.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]]));
}

function acquisitionRow(acquisition: AcquisitionStatus, wide: boolean): string[] {
  const { name, outcome, items, bytes, outcomes, gapCount } = acquisition;
  const counts = Object.entries(outcomes).map(([word, count]) => `${word} ${count}`);
  return [name, outcome, `${items}`, formatSize(bytes), wide ? counts.join(', ') : `${gapCount}`];
}
