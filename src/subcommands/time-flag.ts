import { utcText } from '../artifacts/instant.ts';
import { UsageError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';

const minutes: Readonly<Record<string, number>> = { m: 1, h: 60, d: 24 * 60 };

/** A flag's moment in UTC, under the flag's name; nothing when it was not given. Throws UsageError for what is no RFC 3339 time. */
export function timeFlag<K extends string>(flag: K, text: string | undefined): Partial<Record<K, string>> {
  if (text === undefined) return {};
  const time = utcText(text);
  if (time === undefined)
    throw new UsageError(`--${flag} needs a time with its zone, such as 2026-11-22T04:15:00Z`);
  return { [flag]: time } as Partial<Record<K, string>>;
}

/** A flag's moment in UTC: RFC 3339, or so many minutes, hours or days from now (`30m`, `4h`, `2d`). */
export function futureFlag(io: Io, flag: string, text: string | undefined): string | undefined {
  const [, count, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text ?? '') ?? [];
  if (count !== undefined)
    return new Date(io.now().getTime() + Number(count) * (minutes[unit] ?? 0) * 60_000).toISOString();
  const time = text === undefined ? undefined : utcText(text);
  if (text !== undefined && time === undefined)
    throw new UsageError(
      `--${flag} needs a time with its zone, such as 2026-11-22T04:15:00Z, or a while from now: 30m, 4h, 2d`,
    );
  return time;
}
