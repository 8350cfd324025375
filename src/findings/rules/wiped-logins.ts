import { isMalformed } from '../../artifacts/lines.ts';
import { instantText } from '../../artifacts/instant.ts';
import { evidence, type Source } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** So far a clock may be set back without a word, seconds. */
const tolerance = 3600;

/** Login records are appended: none is ever zero, and time goes one way unless the clock was set. */
export const wipedLogins: Rule = {
  id: 'wiped-logins',
  title: 'login records were wiped or put into another order',
  explanation:
    'Tools that clean up after an intruder overwrite single records with zeroes, or write the file anew without them.',
  severity: 'high',
  confidence: 'high',
  lessWhen:
    'Time that goes back is medium and of low confidence: clocks are set, above all at boot. Records that are cut at the end of a file are no finding.',
  attack: ['T1070.002', 'T1070.006'],
  threatMatrix: [],
  references: ['utmp(5)'],
  refutedBy: 'The file system was damaged at a crash, as the log of the kernel says.',
  next: ['kubectl ir show {case} logins', 'kubectl ir show {case} journal'],
  needs: ['login records'],
  *judge({ logins }) {
    const zeroes = new Map<string, { source: Source; offsets: number[] }>();
    const back = new Map<string, { source: Source; at: number; from: number; to: number; count: number }>();
    const last = new Map<string, number>();
    for (const { source, value } of logins) {
      const key = `${source.acquisition}/${source.item}`;
      if (isMalformed(value)) {
        if (value.malformed !== 'record of zeroes') continue;
        const found = zeroes.get(key) ?? { source, offsets: [] };
        zeroes.set(key, found);
        found.offsets.push(value.offset);
        continue;
      }
      // utmp is a table of seats and not a log; only wtmp and btmp grow.
      if (value.seconds === 0 || !/\/[wb]tmp/.test(source.name)) continue;
      const before = last.get(key) ?? 0;
      if (value.seconds < before - tolerance && value.type !== 'boot') {
        const found = back.get(key);
        if (found !== undefined) found.count += 1;
        else back.set(key, { source, at: value.offset, from: before, to: value.seconds, count: 1 });
      }
      last.set(key, value.seconds);
    }
    for (const { source, offsets } of zeroes.values())
      if (/\/[wb]tmp/.test(source.name))
        yield {
          subject: { path: source.name.replace('[root]', '') },
          seen: `${offsets.length} of its records are zeroes`,
          evidence: [evidence(source, `records of zeroes at byte ${offsets.slice(0, 10).join(', ')}`)],
        };
    for (const { source, at, from, to, count } of back.values())
      yield {
        subject: { path: source.name.replace('[root]', '') },
        seen: `time goes back ${count} times`,
        severity: 'medium',
        confidence: 'low',
        evidence: [
          evidence(source, `at byte ${at}: ${instantText(to) ?? ''} after ${instantText(from) ?? ''}`),
        ],
      };
  },
};
