import type { Choice, Phase } from '../../evidence/phases.ts';
import { triage } from '../../evidence/phases.ts';
import { UsageError } from '../../output/errors.ts';
import { parseSize } from '../../output/parse-size.ts';
import type { Flags, FlagValues } from '../command.ts';

/** How much is collected. */
export const choiceFlags = {
  since: {
    type: 'string',
    summary: 'of rotated logs only those changed since: an age such as 36h or 7d, or a time in RFC 3339',
    placeholder: 'TIME',
  },
  'max-size': {
    type: 'string',
    summary:
      'most bytes of one log, of which the end is taken, or of the memory of a process (default 4Gi, of logs in triage 16Mi)',
    placeholder: 'SIZE',
  },
  'include-secrets': {
    type: 'boolean',
    summary: 'take private keys, tokens and the like as they are, in place of an HMAC of them',
  },
  yes: { type: 'boolean', short: 'y', summary: 'do not ask before taking more than 1 GiB of one kind' },
} as const satisfies Flags;

const minutesOf: Readonly<Record<string, number>> = { m: 1, h: 60, d: 24 * 60 };

/** How much is wanted of each part. Throws UsageError for a time or a size that is none. */
export function parseChoice(
  depth: Choice['depth'],
  flags: FlagValues<typeof choiceFlags>,
  now: Date,
): Choice {
  const { since, 'max-size': size, 'include-secrets': secrets } = flags;
  return {
    ...triage,
    depth,
    secrets,
    ...(since === undefined ? {} : { since, sinceMinutes: parseSince(since, now) }),
    ...(size === undefined ? {} : { mostBytes: parseSize('max-size', size) }),
  };
}

/** Minutes since an age such as `36h` or a time in RFC 3339. Throws UsageError for anything else, and for the future. */
export function parseSince(text: string, now: Date): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : NaN;
  const minutes = Number.isNaN(time)
    ? Number.parseInt(count, 10) * (minutesOf[unit] ?? NaN)
    : Math.ceil((now.getTime() - time) / 60_000);
  if (Number.isSafeInteger(minutes) && minutes > 0) return minutes;
  throw new UsageError(
    `invalid argument "${text}" for "--since" flag: an age such as 90m, 36h or 7d, or a time in the past such as 2026-11-25T04:15:00Z`,
  );
}

/** The parts of a profile: `triage`, `full`, or names of parts, which are then taken in full. Throws UsageError for others. */
export function parseProfile(
  text: string,
  profiles: { readonly triage: readonly Phase[]; readonly full: readonly Phase[] },
): { readonly depth: Choice['depth']; readonly phases: readonly Phase[] } {
  if (text === 'triage' || text === 'full') return { depth: text, phases: profiles[text] };
  const words = text.split(',').filter((word) => word !== '');
  const unknown = words.find((word) => !profiles.full.some((phase) => phase === word));
  if (words.length === 0 || unknown !== undefined)
    throw new UsageError(
      `invalid argument "${unknown ?? text}" for "--profile" flag: triage, full, or of ${profiles.full.join(', ')}`,
    );
  return {
    depth: 'full',
    phases: profiles.full.filter((phase) => phase === 'envelope' || words.includes(phase)),
  };
}
