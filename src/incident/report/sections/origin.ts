import { type Block, commands, heading, list, note, paragraph, type Section, table } from '../document.ts';
import { restOf } from '../excerpt.ts';
import type { Cause, OriginPart } from '../facts/origin.ts';
import type { Report } from '../report.ts';
import { code, timeText } from '../words.ts';

/** The change that brought it about: candidates, the nearest to the workloads first. */
export function originSection({ origin, case: { name } }: Report): Section {
  const blocks =
    origin === undefined
      ? [
          paragraph(
            'Not looked for: the case has no objects of the API server. Of a cluster that is reached:',
          ),
          commands([`kubectl ir changes ${name}`]),
        ]
      : blocksOf(origin);
  return { id: 'origin', title: 'The change that brought it about', blocks };
}

function blocksOf({ since, causes, notSeen }: OriginPart): Block[] {
  const blocks: Block[] = [
    paragraph(
      causes.total === 0
        ? `The case shows no change of configuration from ${timeText(since)} on until it was opened.`
        : 'Candidates, the nearest to the workloads first. That one came before the other does not show that it caused it.',
    ),
  ];
  if (causes.items.length > 0)
    blocks.push(
      table(
        'Changes of configuration before the case was opened',
        ['Time', 'Object', 'Change', 'Who', 'Why here'],
        causes.items.map((cause) => [
          timeOf(cause),
          code(cause.object),
          `${cause.action}: ${cause.what}`,
          whoOf(cause),
          cause.reason,
        ]),
      ),
    );
  const rest = restOf(causes, 'changes');
  if (rest !== undefined) blocks.push(note(rest));
  if (notSeen.length > 0) blocks.push(heading('Where it was not looked'), list(notSeen));
  return blocks;
}

function timeOf({ time, atLatest }: Cause): string {
  return atLatest ? `by ${timeText(time)}` : timeText(time);
}

/** Anybody may call himself anything. */
function whoOf({ who, claims }: Cause): string {
  if (who !== undefined) return who;
  return claims === undefined ? 'not known' : `not known; the client called itself ${claims}`;
}
