import type { Person } from './plan.ts';

/**
 * Id of the person that the summary of an event means: their id, name or email address, else the only name that stands in it,
 * as in `On call: Jane Doe, storage`; capital letters do not matter. The summary itself when it means nobody or several.
 */
export function personNamed(summary: string, people: readonly Person[]): string {
  const text = plain(summary);
  const whole = people.filter(
    ({ id, name, reach }) =>
      id === summary ||
      plain(name) === text ||
      reach.some(({ by, at }) => by === 'email' && plain(at) === text),
  );
  const found = whole.length > 0 ? whole : people.filter(({ name }) => holds(text, plain(name)));
  return (found.length === 1 ? found[0]?.id : undefined) ?? summary;
}

/** True when the name stands in the text with no letter or digit right before or behind it. */
function holds(text: string, name: string): boolean {
  const at = text.indexOf(name);
  if (name === '' || at < 0) return false;
  const around = `${text.slice(0, at).at(-1) ?? ''}${text.charAt(at + name.length)}`;
  return !/[\p{L}\p{N}]/u.test(around);
}

function plain(text: string): string {
  return text.normalize('NFC').trim().toLowerCase();
}
