import { resolve } from 'node:path';
import type { CaseDetails } from '../../evidence/case-record.ts';
import { openCase, readCaseRecord } from '../../evidence/case.ts';
import { shortWait } from '../../evidence/lock.ts';
import { factsAct } from '../../incident/course-acts.ts';
import type { IncidentFacts } from '../../incident/course.ts';
import { exitCode, UsageError } from '../../output/errors.ts';
import { type Io, writeLine } from '../../output/io.ts';
import { createProgress } from '../../output/progress.ts';
import { oneLine } from '../case-word.ts';
import { defineCommand } from '../command.ts';
import { knownId } from '../plan/known-id.ts';
import { planFlags } from '../plan-flags.ts';
import { planIfAny } from '../plan-in-use.ts';
import { timeFlag } from '../time-flag.ts';

/** `kubectl ir case open [CASE]`: makes a case, or opens a closed one again; both with what the organisation knows it by. */
export const command = defineCommand({
  flags: {
    'case-number': { type: 'string', summary: 'number of the case', placeholder: 'NUMBER' },
    'evidence-number': {
      type: 'string',
      summary: 'number of a piece of evidence',
      placeholder: 'NUMBER',
      repeated: true,
    },
    examiner: { type: 'string', summary: 'who is responsible for the evidence', placeholder: 'NAME' },
    organisation: { type: 'string', summary: 'organisation that the case belongs to', placeholder: 'NAME' },
    severity: {
      type: 'string',
      summary: 'severity of the incident, as the plan calls it',
      placeholder: 'ID',
    },
    area: { type: 'string', summary: 'area of the incident, as the plan calls it', placeholder: 'ID' },
    reporter: { type: 'string', summary: 'who reported the incident', placeholder: 'NAME' },
    seen: { type: 'string', summary: 'what was seen, in the words of the reporter', placeholder: 'TEXT' },
    began: { type: 'string', summary: 'when it is thought to have begun, RFC 3339', placeholder: 'TIME' },
    detected: {
      type: 'string',
      summary: 'when somebody first noticed, RFC 3339 (default: the opening of the case)',
      placeholder: 'TIME',
    },
    ...planFlags,
  },
  complete: async (words, flags, { io }) => {
    const [dir = io.env['KUBECTL_IR_CASE'], ...more] = words;
    if (dir === '' || more.length > 0)
      throw new UsageError('case open takes one directory, or none: kubectl ir case open [CASE]');
    const evidenceNumbers = flags['evidence-number'].map((text) => oneLine('--evidence-number', text));
    const details: CaseDetails = {
      ...line('number', 'case-number', flags['case-number']),
      ...(evidenceNumbers.length === 0 ? {} : { evidenceNumbers }),
      ...line('examiner', 'examiner', flags.examiner),
      ...line('organisation', 'organisation', flags.organisation),
    };
    const incident: IncidentFacts = {
      ...line('severity', 'severity', flags.severity),
      ...line('area', 'area', flags.area),
      ...line('reporter', 'reporter', flags.reporter),
      ...line('seen', 'seen', flags.seen),
      ...timeFlag('began', flags.began),
      ...timeFlag('detected', flags.detected),
    };
    return {
      dir: dir === undefined ? undefined : resolve(dir),
      details,
      incident: await byPlan(io, flags.plan, incident),
    };
  },
  run: async ({ dir, details, incident }, { io, signal }) => {
    const before = dir === undefined ? undefined : await readCaseRecord(dir);
    const opened = await openCase(io, {
      dir,
      target: details.number ?? 'case',
      again: true,
      wait: shortWait(signal),
      ...(Object.keys(details).length === 0 ? {} : { details }),
    });
    const again = opened.custody.last?.action === 'open';
    try {
      if (Object.keys(incident).length > 0)
        await opened.custody.appendAfterSeal(factsAct(opened.name, incident));
    } finally {
      await opened.close();
    }
    const what = before === undefined ? 'new' : again ? 'opened again' : 'was open before';
    await createProgress(io).note('Case', `${opened.name} (${what})`);
    await writeLine(io.stdout, opened.dir);
    return exitCode.done;
  },
});

/** A detail under its name, when its flag was given. */
function line<K extends string>(name: K, flag: string, text: string | undefined): Partial<Record<K, string>> {
  const checked = oneLine(`--${flag}`, text);
  return (checked === undefined ? {} : { [name]: checked }) as Partial<Record<K, string>>;
}

/** Facts with severity and area as the plan has them; as they were typed where there is no plan. */
async function byPlan(io: Io, given: string | undefined, facts: IncidentFacts): Promise<IncidentFacts> {
  const { severity, area } = facts;
  const inUse = severity === undefined && area === undefined ? undefined : await planIfAny(io, given);
  if (inUse === undefined) return facts;
  return {
    ...facts,
    ...line('severity', 'severity', knownId('severity', severity, inUse.plan.severities)),
    ...line('area', 'area', knownId('area', area, inUse.plan.areas)),
  };
}
