/** A moment as RFC 3339 text in UTC with as many digits as were known; undefined when no calendar has it. */
export function instantText(seconds: number, fraction = 0, digits = 0): string | undefined {
  const date = new Date(seconds * 1000);
  if (!Number.isSafeInteger(seconds) || Number.isNaN(date.getTime())) return undefined;
  const text = date.toISOString().replace(/\.000Z$/, '');
  return digits === 0 ? `${text}Z` : `${text}.${String(fraction).padStart(digits, '0')}Z`;
}

const rfc3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,9})?(?:([Zz])|([+-])(\d\d):?(\d\d))$/;

/** RFC 3339 text with any offset as UTC; every digit of the fraction stays. Undefined for anything else. */
export function utcText(text: string): string | undefined {
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  const [, day = '', clock = '', fraction = '', zulu, sign, hours, minutes] = match;
  const there = Date.parse(`${day}T${clock}Z`);
  if (Number.isNaN(there)) return undefined;
  if (zulu !== undefined) return `${day}T${clock}${fraction}Z`;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  const moment = new Date(sign === '-' ? there + offset : there - offset);
  return `${moment.toISOString().slice(0, -5)}${fraction}Z`;
}
