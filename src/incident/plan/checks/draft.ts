import type { Plan } from '../plan.ts';
import type { Weakness } from './weakness.ts';

/** Texts that still say FILL IN, as `plan init` leaves them for people to fill in. */
export function checkDraft(plan: Plan): Weakness[] {
  return [...texts(plan, [])]
    .filter(({ text }) => /\bFILL IN\b/.test(text))
    .map(({ path }) => ({
      path,
      rule: 'fill-in',
      message: 'still says FILL IN',
      severity: 'warning',
    }));
}

interface Text {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

function* texts(value: unknown, path: Text['path']): Generator<Text> {
  if (typeof value === 'string') yield { path, text: value };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value))
    yield* texts(member, [...path, Array.isArray(value) ? segmentOf(key, member) : key]);
}

/** Entries are called by their ids. */
function segmentOf(index: string, entry: unknown): string | number {
  const id: unknown = typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : undefined;
  return typeof id === 'string' ? id : Number(index);
}
