import { type Block, commands, facts, heading, note, paragraph, type Section, table } from '../document.ts';
import { restOf } from '../excerpt.ts';
import type { Report } from '../report.ts';
import { timeText } from '../words.ts';
import { formatCount } from '../../../output/count.ts';

/** Who did what when, and how anybody checks it without this program. */
export function custodySection(report: Report): Section {
  const { case: facts_, custody, broken } = report;
  const { head, state, signatures, acquisitions, unreadable } = facts_;
  const blocks: Block[] = [];
  if (broken !== undefined)
    blocks.push({
      kind: 'verdict',
      word: 'BROKEN',
      tone: 'bad',
      text: `The chain of custody is broken: ${broken}. What is told here is of the lines before.`,
    });
  blocks.push(
    facts([
      ['State', state === 'open' ? 'open: not sealed, so nothing protects it yet' : state],
      ['Last line of custody', `${head.line}, ${timeText(head.time)}`],
      ['sha256 of that line', [{ code: head.sha256 }]],
      [
        'Signed by',
        signatures.length === 0
          ? 'nobody: whoever held the case could have rebuilt it'
          : signatures.map(({ keyType, fingerprint }) => `${keyType} ${fingerprint}`).join(', '),
      ],
    ]),
    paragraph(
      'This report checks nothing of this itself. In the directory of the case, with stock programs:',
    ),
    commands(stockCommands(state !== 'open', signatures.length > 0, head.file)),
    paragraph([
      'Or all of it at once: ',
      { code: `kubectl ir verify ${facts_.name} --signers allowed_signers` },
    ]),
    heading('Acquisitions'),
    table(
      'What was collected',
      ['Acquisition', 'Outcome', 'Items', 'Bytes', 'Gaps', "Node's clock"],
      acquisitions.items.map(({ name, outcome, items, bytes, gaps, clock }) => [
        [{ code: name }],
        outcome,
        `${items}`,
        `${bytes}`,
        `${gaps}`,
        clock === undefined ? 'not measured' : `${clock.skewMs} ms (to ${clock.exactToMs} ms)`,
      ]),
    ),
    ...rest(restOf(acquisitions, 'acquisitions')),
    ...unreadableTable(unreadable),
    heading('Chain of custody'),
    table(
      'Who did what when',
      ['Line', 'Time', 'Who', 'Action', 'Object', 'Result'],
      custody.items.map(({ line, time, by, action, object, result }) => [
        `${line}`,
        timeText(time),
        by,
        action,
        object,
        result,
      ]),
    ),
    ...rest(restOf(custody, 'lines')),
  );
  const sensitive = acquisitions.items.reduce((sum, one) => sum + one.sensitive, 0);
  if (sensitive > 0)
    blocks.push(note(`${formatCount(sensitive, 'item')} may hold credentials: keep the case closed.`));
  return { id: 'custody', title: 'Custody and integrity', blocks };
}

/** What is in them is not known, so none of it is in this report. */
function unreadableTable(unreadable: Report['case']['unreadable']): Block[] {
  if (unreadable.items.length === 0) return [];
  return [
    table(
      'Acquisitions that can not be read: nothing of them is in this report',
      ['Acquisition', 'Why'],
      unreadable.items.map(({ name, reason }) => [[{ code: name }], reason]),
    ),
    ...rest(restOf(unreadable, 'acquisitions that can not be read')),
  ];
}

function rest(text: string | undefined): Block[] {
  return text === undefined ? [] : [note(text)];
}

function stockCommands(sealed: boolean, signed: boolean, custody: string): string[] {
  return [
    ...(sealed
      ? [
          'sha256sum --strict --quiet -c manifest-sha256.txt',
          'sha512sum --strict --quiet -c manifest-sha512.txt',
          'sha256sum --strict --quiet -c tagmanifest-sha256.txt',
        ]
      : []),
    ...(signed
      ? [
          'sha256sum --strict -c signature/statement.txt',
          'ssh-keygen -Y verify -f allowed_signers -I SIGNER -n kubectl-ir -s signature/FILE.sig < signature/statement.txt',
        ]
      : []),
    `tail -n 1 ${custody} | tr -d '\\n' | sha256sum`,
  ];
}
