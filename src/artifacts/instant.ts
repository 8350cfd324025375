/** A moment as RFC 3339 text in UTC with as many digits as were known; undefined when no calendar has it. */
export function instantText(seconds: number, fraction = 0, digits = 0): string | undefined {
  if (seconds !== last.seconds) {
    const date = new Date(seconds * 1000);
    if (!Number.isSafeInteger(seconds) || Number.isNaN(date.getTime())) return undefined;
    last = { seconds, text: date.toISOString().slice(0, -'.000Z'.length) };
  }
  const { text } = last;
  return digits === 0 ? `${text}Z` : `${text}.${String(fraction).padStart(digits, '0')}Z`;
}

/** The second that was written last: most records are of the same one as the record before. */
let last = { seconds: NaN, text: '' };

const rfc3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,9})?(?:([Zz])|([+-])(\d\d):?(\d\d))$/;

/** RFC 3339 text with any offset as UTC; every digit of the fraction stays. Undefined for anything else. */
export function utcText(text: string): string | undefined {
  if (isUtc(text)) return text;
  if (text.endsWith('+00:00')) {
    const zulu = `${text.slice(0, -6)}Z`;
    if (isUtc(zulu)) return zulu;
  }
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

const lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** True for RFC 3339 text that is in UTC already, as most of what is read in numbers is: ten times as fast as the rest. */
function isUtc(text: string): boolean {
  const last = text.length - 1;
  if (last < 19 || last > 29 || last === 20 || text.charCodeAt(last) !== 0x5a) return false;
  for (let at = 0; at < last; at += 1) {
    const code = text.charCodeAt(at);
    const mark = marks[at];
    if (mark === undefined ? code < 0x30 || code > 0x39 : code !== mark) return false;
  }
  const month = two(text, 5);
  const day = two(text, 8);
  return (
    day > 0 &&
    day <= (lengths[month - 1] ?? 0) &&
    two(text, 11) < 24 &&
    two(text, 14) < 60 &&
    two(text, 17) < 60
  );
}

/** What stands between the digits of `2026-11-22T04:15:00.123456789`, by place. */
const marks: Readonly<Record<number, number>> = { 4: 0x2d, 7: 0x2d, 10: 0x54, 13: 0x3a, 16: 0x3a, 19: 0x2e };

function two(text: string, at: number): number {
  return (text.charCodeAt(at) - 0x30) * 10 + text.charCodeAt(at + 1) - 0x30;
}
