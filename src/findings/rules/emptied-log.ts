import { instantText } from '../../artifacts/instant.ts';
import { evidence, excerptOf, type Traced } from '../finding.ts';
import type { TracedLog } from '../log-book.ts';
import type { Rule } from '../rule.ts';

/** What an intruder is seen in. */
const telling =
  /^\/var\/log\/(?:auth\.log|secure|syslog|messages|kern\.log|daemon\.log|cron|audit\/audit\.log|wtmp|btmp|lastlog)$/;
/** Seconds between the rotation of a log and what still belongs to it. */
const ofRotation = 600;

/** Logs are made empty by their rotation alone, and go to a file. */
export const emptiedLog: Rule = {
  id: 'emptied-log',
  title: 'a log of the system was emptied or goes nowhere',
  explanation:
    'The rotation of a log moves it away and begins a new one. This one was made empty at another time, or is a link to where nothing is kept.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'A log that has been empty since its rotation is no finding. Medium is one that was emptied later: somebody may have made room on a full disk.',
  attack: ['T1070.002'],
  threatMatrix: [],
  references: ['logrotate(8)', 'hier(7)'],
  refutedBy: 'Whoever runs the node emptied it, or keeps no such log on any of his nodes.',
  next: ['kubectl ir show {case} files', 'kubectl ir timeline {case}', 'kubectl ir show {case} logins'],
  needs: ['logs of the node'],
  *judge({ logs, links }) {
    for (const { source, value } of links)
      if (telling.test(value.path) && value.target.equals(Buffer.from('/dev/null')))
        yield {
          subject: { path: excerptOf(value.path) },
          seen: 'a link to /dev/null',
          evidence: [evidence(source, `${value.path} -> /dev/null`)],
        };
    const told = new Set<string>();
    for (const { source, value } of logs.files) {
      if (value.size > 0 || !telling.test(value.path) || told.has(value.path)) continue;
      const rotated = rotatedOf(value, source.acquisition, logs.files);
      if (rotated === undefined || value.modified < rotated.value.changed + ofRotation) continue;
      told.add(value.path);
      yield {
        subject: { path: excerptOf(value.path) },
        seen: `emptied at ${timeText(value.modified)}, long after it was rotated`,
        severity: 'medium',
        evidence: [
          evidence(source, `0 bytes, changed at ${timeText(value.modified)}`),
          evidence(
            rotated.source,
            `${rotated.value.path}: ${rotated.value.size} bytes, moved there at ${timeText(rotated.value.changed)}`,
          ),
        ],
      };
    }
  },
};

/** The newest that was rotated away from a log: `.1`, a date, and what packs them. */
function rotatedOf(
  { path }: TracedLog,
  acquisition: string,
  files: readonly Traced<TracedLog>[],
): Traced<TracedLog> | undefined {
  return files
    .filter(
      ({ source, value }) =>
        source.acquisition === acquisition &&
        value.size > 0 &&
        value.path.startsWith(path) &&
        /^[.-][0-9]{1,10}(?:\.(?:gz|xz|zst|bz2))?$/.test(value.path.slice(path.length)),
    )
    .sort((a, b) => b.value.changed - a.value.changed)[0];
}

function timeText(seconds: number): string {
  return instantText(Math.floor(seconds)) ?? 'no time';
}
