import { nearestName } from '../../cluster/nearest.ts';
import type { Plan } from '../../incident/plan/plan.ts';
import type { Playbook, PlaybookStep } from '../../incident/plan/playbook.ts';
import { UsageError } from '../../output/errors.ts';
import { terminalLine } from '../../output/line.ts';

/** The one word of a command line, the name of a playbook. */
export function playbookWord(command: string, words: readonly string[]): string {
  const [name, ...more] = words;
  if (name === undefined || more.length > 0)
    throw new UsageError(`${command} takes the name of one playbook: kubectl ir ${command} NAME`);
  return name;
}

/** The playbook that is called so. Throws UsageError with the nearest name when there is none. */
export function playbookCalled({ playbooks }: Plan, name: string): Playbook {
  return called('playbook', playbooks, name, 'all of them: kubectl ir playbook list');
}

/** The step of a playbook that is called so. */
export function stepCalled({ id, steps }: Playbook, name: string): PlaybookStep {
  return called(`step of playbook "${id}"`, steps, name, `all of them: kubectl ir playbook show ${id}`);
}

function called<T extends { readonly id: string }>(
  what: string,
  all: readonly T[],
  name: string,
  more: string,
): T {
  const found = all.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const near = nearestName(
    name,
    all.map(({ id }) => id),
  );
  throw new UsageError(
    `there is no ${what} "${name}"${near === undefined ? `; ${more}` : `; nearest: ${near}`}`,
  );
}

/** What a step is, in its words. */
export function stepWords({ text, check, run }: PlaybookStep): string {
  return terminalLine(run === undefined ? (text ?? check ?? '') : `kubectl ir ${run}`);
}
