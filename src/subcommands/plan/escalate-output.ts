import type { Escalation, EscalationStage } from '../../incident/plan/escalation-now.ts';
import { type Io, writeLine } from '../../output/io.ts';
import { terminalLine } from '../../output/line.ts';
import { printData } from '../../output/printer.ts';
import { renderTable } from '../../output/table.ts';
import { minuteText, whoTable } from './who-output.ts';

/** Prints where an escalation stands: the steps, whom to call now, where to talk and what to say; names for scripts; or data. */
export async function printEscalation(
  io: Io,
  escalation: Escalation,
  output: string | undefined,
): Promise<void> {
  if (output === 'json' || output === 'yaml') return printData(io, escalation, output);
  if (output === 'name') {
    for (const { id } of escalation.calls) if (id !== undefined) await writeLine(io.stdout, `person/${id}`);
    return;
  }
  const { steps, step, calls, lines, message } = escalation;
  const say = (text: string): Promise<void> => writeLine(io.stdout, text);
  await say(stepsTable(steps));
  await say(`\nStep ${step}, now`);
  await say(whoTable(calls, output === 'wide'));
  for (const { id, at, use, dependsOnCluster } of lines) {
    const doubt = dependsOnCluster ? ', fails with the cluster' : '';
    await say(terminalLine(`Talk on   ${id}: ${at} (${use}${doubt})`));
  }
  await say('\nSay');
  for (const line of message.split('\n')) await say(`   ${terminalLine(line)}`);
}

function stepsTable(steps: readonly EscalationStage[]): string {
  const headers = ['STEP', 'STATE', 'AT (UTC)', 'WHO', 'LINE', 'CHAIN'];
  const rows = steps.flatMap(({ number, state, at, parts }) =>
    parts.map(({ chain, who, line, notify }) => [
      `${number}`,
      state,
      minuteText(at),
      who.length === 0 ? `nobody (${notify.join(', ')})` : who.join(', '),
      line ?? '-',
      chain,
    ]),
  );
  return renderTable(headers, rows);
}
