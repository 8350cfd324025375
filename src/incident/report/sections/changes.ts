import { type Block, facts, heading, list, note, paragraph, type Section, table } from '../document.ts';
import { restOf } from '../excerpt.ts';
import type { ContainerFacts } from '../facts/changes.ts';
import type { Report } from '../report.ts';
import { code, timeText } from '../words.ts';
import { formatCount } from '../../../output/count.ts';
import { imageRows } from './workloads.ts';

/** What containers changed against their images. */
export function changesSection({ containers, workloads }: Report): Section {
  const blocks =
    containers.length === 0
      ? [
          paragraph(
            'No file system of a container was compared with its image: kubectl ir diff pod NAME --case CASE',
          ),
        ]
      : containers.flatMap((one) => blocksOf(one, workloads));
  return { id: 'changes', title: 'Changes in file systems', blocks };
}

function blocksOf(one: ContainerFacts, workloads: Report['workloads']): Block[] {
  const { namespace, pod, container, changes, byRuntime, processes, blind, complete, acquisition } = one;
  const image = workloads
    .find((other) => other.namespace === namespace && other.pod === pod)
    ?.containers.find(({ name }) => name === container);
  const blocks: Block[] = [
    heading([{ code: `${namespace}/${pod}/${container}` }, `: ${formatCount(changes.total, 'change')}`]),
    facts([
      ...imageRows(image ?? one),
      ['Read from', code(acquisition)],
      ['Every layer read', complete ? 'yes' : 'no: what is missing here is not clean, it was not seen'],
    ]),
  ];
  if (blind.length > 0) blocks.push(list(blind.map((reason) => ['blind: ', reason])));
  if (changes.items.length > 0)
    blocks.push(
      table(
        'Changed paths',
        ['Change', 'Path', 'Type', 'Flags', 'Touched first', 'sha256'],
        changes.items.map(({ change, path, type, flags, time, sha256 }) => [
          change,
          code(path),
          type,
          flags.join(' ') || '-',
          time === undefined ? '-' : timeText(time),
          code(sha256),
        ]),
      ),
    );
  if (processes.length > 0)
    blocks.push(
      table(
        'Programs that run without a file of the image',
        ['Pid', 'Name', 'Executable', 'Why', 'Started'],
        processes.map(({ pid, name, executable, reason, started }) => [
          `${pid}`,
          code(name),
          code(executable),
          reason,
          started === undefined ? '-' : timeText(started),
        ]),
      ),
    );
  const rest = restOf(changes, 'changes');
  if (rest !== undefined) blocks.push(note(rest));
  if (byRuntime > 0)
    blocks.push(note(`${formatCount(byRuntime, 'entry', 'entries')} made by the runtime left out.`));
  return blocks;
}
