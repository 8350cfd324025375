/** A kind of text: what it is called with an example, and how it is told; `pattern` holds for all of them, `real` for what a pattern cannot say. */
export interface Form {
  readonly name: string;
  readonly pattern: RegExp;
  readonly real?: (text: string) => boolean;
  /** What somebody may have meant, where that can be listed. */
  readonly known?: () => readonly string[];
}

/** Text that has something in it. */
export const filled: Form = { name: 'text', pattern: /\S/ };

export const id: Form = {
  name: 'an id of letters, digits and dashes such as core-network',
  pattern: /^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/,
};

export const reference: Form = {
  name: 'a reference such as person/jane, team/security, rota/infra or area/storage',
  pattern: /^(person|team|rota|area)\/[A-Za-z0-9][A-Za-z0-9-]{0,62}$/,
};

export const day: Form = {
  name: 'a day such as 2026-11-01',
  pattern: /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/,
  real: isDay,
};

export const timeOfDay: Form = {
  name: 'a time of day such as 09:00',
  pattern: /^([01][0-9]|2[0-3]):[0-5][0-9]$/,
};

export const localTime: Form = {
  name: "a time without zone such as 2026-12-24T18:00 (it is of the rota's zone)",
  pattern: /^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]$/,
  real: (text) => isDay(text.slice(0, 10)),
};

/** A name of the IANA time zone database; an offset such as +02:00 knows no daylight saving and is none. */
export const timeZone: Form = {
  name: 'a time zone such as Europe/Vienna',
  pattern: /^[A-Z][A-Za-z0-9_+/-]*$/,
  real: isZone,
  known: () => Intl.supportedValuesOf('timeZone'),
};

export const webAddress: Form = {
  name: 'an address such as https://chat.example.org/hook',
  pattern: /^https?:\/\/[^\s/]+/,
  real: (text) => URL.canParse(text),
};

/** True when a text is of a form. */
export function isOf(form: Form, text: string): boolean {
  return form.pattern.test(text) && (form.real?.(text) ?? true);
}

/** A day that the calendar has: 2026-02-30 would be counted on into March. */
function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
