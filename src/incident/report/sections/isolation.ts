import {
  type Block,
  facts,
  heading,
  list,
  note,
  paragraph,
  type Section,
  table,
  type Text,
} from '../document.ts';
import { restOf } from '../excerpt.ts';
import type { CheckFacts, IsolationFacts } from '../facts/isolation.ts';
import type { Report } from '../report.ts';
import { verdictOf } from '../summary.ts';
import { durationText, timeText, verdictTones } from '../words.ts';
import { formatCount } from '../../../output/count.ts';

/** What was isolated and what proves it: each flow before and after. */
export function isolationSection({ isolations }: Report): Section {
  const blocks =
    isolations.length === 0
      ? [paragraph('The case tells of no isolation. Without one nothing is said of what still gets out.')]
      : isolations.flatMap((one) => blocksOf(one, isolations.length > 1));
  return { id: 'isolation', title: 'Proof of isolation', blocks };
}

function blocksOf(one: IsolationFacts, several: boolean): Block[] {
  const { namespace, pod, checks, leaks, reasons, notTried, released } = one;
  const verdict = verdictOf(one);
  const blocks: Block[] = [];
  if (several) blocks.push(heading([{ code: `${namespace}/${pod}` }]));
  blocks.push(
    {
      kind: 'verdict',
      word: verdict,
      tone: verdictTones[verdict],
      text: [
        { code: `${namespace}/${pod}` },
        ` on ${one.node}: ${one.blocked} of ${formatCount(one.judged, 'flow')} that worked before and ${one.judged === 1 ? 'was' : 'were'} tried again ${one.blocked === 1 ? 'is' : 'are'} blocked`,
      ],
    },
    facts([
      ['Verdict reached', `${timeText(one.time)} (line ${one.line} of custody)`],
      ['Cut in place', one.cut === undefined ? undefined : `${durationText(one.cut)} after the command`],
      ['How', `link of the pod: ${one.level}`],
      ['Watched afterwards', one.watched === undefined ? undefined : durationText(one.watched)],
      ['Lifted', released === undefined ? undefined : `${timeText(released.time)}, ${released.result}`],
    ]),
  );
  if (leaks.length > 0)
    blocks.push(
      table(
        'What still got through',
        ['Flow', 'Seen', 'Why', 'What to do'],
        leaks.map((leak) => [[{ code: leak.flow }], leak.seen, leak.why, leak.advice]),
      ),
    );
  blocks.push(
    table(
      'Flows before and after',
      ['Flow', 'Direction', 'Before', 'After', 'Judged'],
      checks.items.map((check) => [
        [{ code: check.flow }],
        check.direction === undefined ? '-' : check.direction === 'in' ? 'inward' : 'outward',
        check.before,
        after(check),
        judged(check),
      ]),
    ),
  );
  const rest = restOf(checks, 'flows');
  if (rest !== undefined) blocks.push(note(rest));
  blocks.push(
    table(
      'What was done to the cluster',
      ['Act', 'Outcome', 'What'],
      one.actions.map(({ kind, outcome, detail }) => [kind, outcome, detail]),
    ),
  );
  if (reasons.length > 0) blocks.push(heading('Why it is not more than this'), list(reasons));
  if (notTried.length > 0) blocks.push(heading('What was not tried'), list(notTried));
  return blocks;
}

function after({ after: state, bytes }: CheckFacts): Text {
  return bytes === undefined || bytes === 0 ? state : `${state}, ${formatCount(bytes, 'byte')}`;
}

function judged({ judged: isJudged, before, after: state, probe }: CheckFacts): Text {
  if (probe === true) return 'kept open for the kubelet';
  if (!isJudged) return before === 'works' ? 'no: not tried again' : 'no: it did not work before';
  return state === 'works' ? [{ tag: 'LEAKS', tone: 'bad' }] : [{ tag: 'BLOCKED', tone: 'good' }];
}
