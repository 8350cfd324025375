import { type AcquisitionStatus, type CaseStatus, readCaseStatus } from '../../evidence/case-status.ts';
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

/** `kubectl ir case show CASE`: what a case says of itself. Exit 3 when a part of it cannot be read. */
export const command = defineCommand({
  flags: outputFlags,
  complete: (words, { output }, { io }) => ({ dir: caseWord(io, 'case show', words), output }),
  run: async ({ dir, output }, { io }) => {
    const status = await readCaseStatus(dir);
    if (output === 'json' || output === 'yaml') await printData(io, status, output);
    else if (output === 'name') await writeLine(io.stdout, terminalLine(`case/${status.name}`));
    else await printTables(io, status, output === 'wide');
    const progress = createProgress(io);
    for (const note of status.notes) await progress.warn(note);
    return status.notes.length === 0 ? exitCode.done : exitCode.partial;
  },
});

async function printTables(io: Io, status: CaseStatus, wide: boolean): Promise<void> {
  await writeLine(io.stdout, `${status.state.toUpperCase()}   ${terminalLine(status.name)}`);
  await writeLine(io.stdout, renderTable(['FACT', 'VALUE'], facts(status)));
  if (status.acquisitions.length === 0) return;
  const rows = status.acquisitions.map((acquisition) => acquisitionRow(acquisition, wide));
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
    ['custody', `${seq} lines, ${afterSeal} of them after the seal, last ${action} at ${time}`],
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
