import { type Malformed, lines } from './lines.ts';

/** A job of cron, or a setting that holds for the jobs behind it. */
export type CrontabLine =
  | {
      readonly kind: 'job';
      /** Five fields, or one such as `@reboot`. */
      readonly schedule: string;
      readonly user: Buffer;
      readonly command: Buffer;
    }
  | { readonly kind: 'setting'; readonly name: string; readonly value: Buffer };

const setting = /^\s*["']?([A-Za-z_][A-Za-z0-9_]*)["']?\s*=(.*)$/s;
const schedule = /^\s*(@[a-z]+|(?:\S+\s+){4}\S+)\s+(.*)$/s;
const fieldOfTime = /^(?:@[a-z]+|[*0-9,/A-Za-z~?#L-]+(?:\s+[*0-9,/A-Za-z~?#LW-]+){4})$/;

/**
 * The lines of a table, crontab(5) of cron and cronie: a system table (/etc/crontab, /etc/cron.d) names the user on each
 * line; a table of a user is called like its owner, by `path`.
 */
export function* parseCrontab(bytes: Buffer, path: Buffer): Generator<CrontabLine | Malformed> {
  const system = path.includes('/etc/cron');
  const owner = path.subarray(path.lastIndexOf(0x2f) + 1);
  for (const { bytes: line, offset } of lines(bytes)) {
    const text = line.toString('latin1');
    if (/^\s*(?:#|$)/.test(text)) continue;
    const assigned = setting.exec(text);
    if (assigned !== null) {
      yield { kind: 'setting', name: assigned[1] ?? '', value: unquoted((assigned[2] ?? '').trim()) };
      continue;
    }
    const [, when = '', rest = ''] = schedule.exec(text) ?? [];
    const [, user, command] = system ? (/^(\S+)\s+(.*)$/s.exec(rest) ?? []) : [rest, '', rest];
    if (!fieldOfTime.test(when) || command === undefined || command === '' || user === undefined)
      yield { malformed: 'no line of a crontab', offset };
    else
      yield {
        kind: 'job',
        schedule: when.replace(/\s+/g, ' '),
        user: system ? Buffer.from(user, 'latin1') : owner,
        command: Buffer.from(command, 'latin1'),
      };
  }
}

function unquoted(text: string): Buffer {
  return Buffer.from(/^(["'])(.*)\1$/s.exec(text)?.[2] ?? text, 'latin1');
}
