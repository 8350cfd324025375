import { UsageError } from '../output/errors.ts';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Milliseconds of `--request-timeout`: whole seconds (`30`) or Go's notation with the units h, m, s, ms (`1m30s`).
 * `0` is no limit and gives undefined. Throws UsageError for anything else.
 */
export function parseTimeout(text: string): number | undefined {
  const parts = /^\d+$/.test(text) ? [`${text}s`] : (text.match(/\d+(?:\.\d+)?(?:ms|s|m|h)/g) ?? []);
  const whole = parts.join('') === text || /^\d+$/.test(text);
  if (parts.length === 0 || !whole) {
    throw new UsageError(
      'invalid timeout value. Timeout must be a single integer in seconds, ' +
        'or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
    );
  }
  const ms = parts.reduce((sum, part) => sum + Number.parseFloat(part) * unitOf(part), 0);
  return ms === 0 ? undefined : Math.min(Math.ceil(ms), 2 ** 31 - 1);
}

function unitOf(part: string): number {
  return units[part.replace(/[\d.]+/, '')] ?? 1;
}
