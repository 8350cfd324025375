import { resolve } from 'node:path';
import { nearestName } from '../cluster/nearest.ts';
import { findKind, kinds } from '../artifacts/kinds.ts';
import type { Kind } from '../artifacts/kind.ts';
import {
  type Exhibit,
  exhibitsOf,
  type OpenedWhole,
  openWhole,
  type Shortfall,
} from '../evidence/exhibits.ts';
import { bomOf } from '../evidence/bom.ts';
import { withCaseDirectory } from '../evidence/unpacked-case.ts';
import { exitCode, UsageError } from '../output/errors.ts';
import { printData } from '../output/printer.ts';
import { createProgress, type Progress } from '../output/progress.ts';
import { quotedWord } from '../output/shell-word.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { type ExhibitFormat, printExhibits } from './show-output.ts';

const flags = {
  output: {
    type: 'string',
    short: 'o',
    summary: 'output format; cyclonedx for packages only',
    choices: ['json', 'yaml', 'wide', 'cyclonedx'],
  },
} as const;

interface Plan {
  readonly dir: string;
  readonly kind: Kind;
  readonly output: ExhibitFormat | 'cyclonedx';
}

/** Reasons told on stderr before they are only counted. */
const mostReasons = 10;

/** `kubectl ir show CASE|ARCHIVE KIND`: any artifact of a case that has a parser, offline. Exit 3 when some of it is damaged, or was not collected whole. */
export const command = defineCommand({
  flags,
  choices: { KIND: kinds.map(({ name }) => name) },
  complete: (words, { output = 'table' }, { io }): Plan => {
    const [last = '', ...before] = [...words].reverse();
    const [dir = io.env['KUBECTL_IR_CASE'], ...more] = before.reverse();
    if (last === '' || dir === undefined || dir === '' || more.length > 0)
      throw new UsageError(
        `show takes a case, or an archive of one, and what to show of it: kubectl ir show CASE|ARCHIVE KIND\n${kindList()}`,
      );
    const kind = findKind(last);
    if (kind === undefined) throw unknownKind(last, dir);
    if (output === 'cyclonedx' && !kind.name.endsWith('packages'))
      throw new UsageError('CycloneDX is for packages: kubectl ir show CASE packages -o cyclonedx');
    return { dir: resolve(dir), kind, output: output as Plan['output'] };
  },
  run: (plan, context) =>
    withCaseDirectory(plan.dir, context.signal, (dir) => show({ ...plan, dir }, context)),
});

async function show({ dir, kind, output }: Plan, { io, signal }: CommandContext): Promise<number> {
  const shortfall: Shortfall = { gaps: [], malformed: [] };
  const whole = await openWhole(dir);
  const { opened: acquisitions, closed, denied } = whole;
  const progress = createProgress(io);
  const all = async function* (): AsyncGenerator<Exhibit> {
    for (const { name, reader } of acquisitions)
      for await (const exhibit of exhibitsOf(kind, name, reader, shortfall)) {
        signal.throwIfAborted();
        yield exhibit;
      }
  };
  if (output === 'cyclonedx') {
    const { bill, leftOut } = await bomOf(acquisitions, all());
    await printData(io, bill, 'json');
    if (leftOut.length > 0) await progress.warn(`not in the bill: packages of ${leftOut.join(', ')}`);
  } else {
    const several = acquisitions.filter(({ reader }) => reader.info.collection !== 'diff').length > 1;
    const count = await printExhibits(io, kind, all(), output, several);
    if (count === 0 && output !== 'json' && output !== 'yaml')
      await progress.warn(`the case holds no ${kind.name}`);
  }
  await tell(progress, whole, shortfall);
  return closed.length + denied.length + shortfall.gaps.length === 0 ? exitCode.done : exitCode.partial;
}

/** The whole list only for who has to choose from it: one that is near, or stands in place of the case, is enough. */
function unknownKind(word: string, dir: string): UsageError {
  if (findKind(dir) !== undefined)
    return new UsageError(`the case comes first: kubectl ir show ${quotedWord(word)} ${dir}`);
  const near = nearestName(
    word,
    kinds.map(({ name }) => name),
  );
  return new UsageError(
    `there is no kind "${word}"${near === undefined ? `\n${kindList()}` : `; nearest: ${near}`}`,
  );
}

async function tell(
  progress: Progress,
  { closed, denied }: OpenedWhole,
  { gaps, malformed }: Shortfall,
): Promise<void> {
  for (const [what, reasons] of [
    ['damaged', closed],
    ['not readable here', denied],
    ['not collected whole', gaps],
    ['not all are records', malformed],
  ] as const) {
    for (const reason of reasons.slice(0, mostReasons)) await progress.warn(`${what}: ${reason}`);
    if (reasons.length > mostReasons) await progress.warn(`${what}: ${reasons.length - mostReasons} more`);
  }
}

function kindList(): string {
  const width = Math.max(...kinds.map(({ name }) => name.length));
  return ['kinds:', ...kinds.map(({ name, summary }) => `  ${name.padEnd(width)}   ${summary}`)].join('\n');
}
