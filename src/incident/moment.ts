const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** True for RFC 3339 text in UTC of the years 0000 to 9999, which is all that can be put in order. */
export function isMoment(time: string): boolean {
  return pattern.test(time);
}

/** The moment with all nine digits of its fraction and without the zone, so that the order of texts is that of time. */
export function momentKey(time: string): string {
  const fraction = time.length > 20 ? time.slice(20, -1) : '';
  return `${time.slice(0, 19)}.${fraction.padEnd(9, '0')}`;
}

/** The moment so many milliseconds earlier; digits of its fraction that it had stay. Undefined outside of the years 0000 to 9999. */
export function earlier(time: string, milliseconds: number): string | undefined {
  const fraction = time.length > 20 ? time.slice(20, -1) : '';
  const nanoseconds = Number(fraction.padEnd(9, '0'));
  const whole = Date.parse(`${time.slice(0, 19)}Z`) + Math.floor(nanoseconds / 1e6) - milliseconds;
  const text = Number.isNaN(whole) || Math.abs(whole) > 8e15 ? '' : new Date(whole).toISOString();
  if (text.length !== 24) return undefined;
  const digits = Math.max(fraction.length, milliseconds % 1000 === 0 ? 0 : 3);
  const shifted = `${text.slice(20, 23)}${String(nanoseconds % 1e6).padStart(6, '0')}`;
  return digits === 0 ? `${text.slice(0, 19)}Z` : `${text.slice(0, 20)}${shifted.slice(0, digits)}Z`;
}

/** Microseconds since the epoch, exactly; smaller digits are cut. */
export function microseconds(time: string): number {
  const second = time.slice(0, 19);
  if (second !== last.second) last = { second, micros: Date.parse(`${second}Z`) * 1000 };
  return last.micros + Number(momentKey(time).slice(20, 26));
}

/** The second that was asked for last: events come in order. */
let last = { second: '', micros: NaN };
