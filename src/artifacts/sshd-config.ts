import { type Malformed, lines } from './lines.ts';

/** One setting of sshd: sshd_config(5). */
export interface SshdSetting {
  readonly keyword: string;
  readonly value: Buffer;
  /** The condition of the `Match` block it is in; missing outside of any. */
  readonly match?: Buffer;
}

/**
 * The settings in the order of the file, keywords in lower case; of several values of one keyword sshd takes the first
 * (but for those that add up, such as Port and HostKey). `Include` is told as it stands.
 */
export function* parseSshdConfig(bytes: Buffer): Generator<SshdSetting | Malformed> {
  let match: Buffer | undefined;
  for (const { bytes: line, offset } of lines(bytes)) {
    const text = line.toString('latin1').trim();
    if (text === '' || text.startsWith('#')) continue;
    const [, keyword, value = ''] = /^([A-Za-z][A-Za-z0-9]*)(?:[ \t]*=[ \t]*|[ \t]+)(.*)$/s.exec(text) ?? [];
    if (keyword === undefined || value === '') {
      yield { malformed: 'no setting of sshd', offset };
      continue;
    }
    const words = Buffer.from(/^"([^"]*)"$/.exec(value)?.[1] ?? value, 'latin1');
    if (keyword.toLowerCase() === 'match') match = words;
    else yield { keyword: keyword.toLowerCase(), value: words, ...(match === undefined ? {} : { match }) };
  }
}
