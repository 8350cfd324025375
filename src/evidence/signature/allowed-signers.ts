import { OperationError } from '../../output/errors.ts';
import { escapeForTerminal } from '../../output/escape.ts';
import { parsePublicKeyLine, type SshPublicKey } from './ssh-public-key.ts';
import { WireError } from './ssh-wire.ts';

/** One line of an allowed-signers file (ssh-keygen(1), ALLOWED SIGNERS). */
export interface AllowedSigner {
  /** Pattern list of who may sign with the key, as written. */
  readonly principals: string;
  readonly key: SshPublicKey;
  /** Pattern list of namespaces; any when absent. */
  readonly namespaces?: string;
  /** Milliseconds since 1970. */
  readonly validAfter?: number;
  readonly validBefore?: number;
}

/** What an allowed-signers file says of a key. */
export type Standing =
  | { readonly standing: 'known'; readonly principals: string }
  | { readonly standing: 'unknown' }
  | { readonly standing: 'expired' | 'early'; readonly principals: string; readonly since: number }
  | { readonly standing: 'namespace'; readonly principals: string };

/**
 * Reads an allowed-signers file. Throws OperationError, with the line's number, for a line that cannot be read and for
 * certificate authorities: a file that is understood in part only would say "unknown" of people who are known.
 */
export function parseAllowedSigners(text: string, path: string): AllowedSigner[] {
  return text.split('\n').flatMap((line, at) => {
    const content = line.trim();
    if (content === '' || content.startsWith('#')) return [];
    try {
      return [parseLine(content)];
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      throw new OperationError(`line ${at + 1} of ${path} ${escapeForTerminal(error.message)}`, {
        advice: 'a line is: PRINCIPALS [OPTIONS] TYPE KEY, as in ssh-keygen(1), ALLOWED SIGNERS',
        cause: error,
      });
    }
  });
}

function parseLine(line: string): AllowedSigner {
  const [principals, rest] = splitWord(line);
  const bare = keyOf(rest);
  const [options, afterOptions] = bare === undefined ? splitWord(rest) : ['', rest];
  const found = bare ?? keyOf(afterOptions);
  if (found === undefined) throw new WireError('is no line of an allowed-signers file');
  return { principals: unquoted(principals), key: found.key, ...parseOptions(options) };
}

function keyOf(text: string): ReturnType<typeof parsePublicKeyLine> {
  if (/^\S+-cert-v01@openssh\.com\s/.test(text))
    throw new WireError('holds a certificate, which is not supported; give the key itself');
  return parsePublicKeyLine(text);
}

/** A word, which may hold spaces inside double quotes, and what follows it. */
function splitWord(text: string): [string, string] {
  const word = /^(?:"(?:\\.|[^"\\])*"|[^\s"])+/.exec(text)?.[0] ?? '';
  return [word, text.slice(word.length).trimStart()];
}

function unquoted(text: string): string {
  return text.replace(/"((?:\\.|[^"\\])*)"/g, (_, inner: string) => inner.replace(/\\"/g, '"'));
}

function parseOptions(text: string): Partial<AllowedSigner> {
  let options: Partial<AllowedSigner> = {};
  const seen = new Set<string>();
  for (const option of text.match(/(?:"(?:\\.|[^"\\])*"|[^,"])+/g) ?? []) {
    const [, name = '', value] = /^([^=]+)(?:=(.*))?$/.exec(option) ?? [];
    const given = unquoted(value ?? '');
    const key = name.toLowerCase();
    if (seen.has(key)) throw new WireError(`has the option ${name} twice`);
    seen.add(key);
    if (key === 'cert-authority')
      throw new WireError('is a certificate authority, which is not supported; name the keys of the signers');
    else if (key === 'namespaces' && given !== '') options = { ...options, namespaces: given };
    else if (key === 'valid-after') options = { ...options, validAfter: parseTime(given) };
    else if (key === 'valid-before') options = { ...options, validBefore: parseTime(given) };
    else throw new WireError(`has the option ${option}, which is not known`);
  }
  return options;
}

/** `YYYYMMDD[HHMM[SS]]`, in UTC with a `Z` behind it, else in the local time zone. */
function parseTime(text: string): number {
  const [, digits = '', zone] = /^(\d{8}|\d{12}|\d{14})(Z|UTC)?$/i.exec(text) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (
    digits.match(/^\d{4}|\d\d/g) ?? []
  ).map(Number);
  const parts = [year, month - 1, day, hour, minute, second] as const;
  const time = zone === undefined ? new Date(...parts).getTime() : Date.UTC(...parts);
  const back = zone === undefined ? new Date(time).getDate() : new Date(time).getUTCDate();
  if (digits === '' || Number.isNaN(time) || back !== day || hour > 23 || minute > 59)
    throw new WireError(`has ${text === '' ? 'an empty time' : `the time ${text}`}, which is none`);
  return time;
}

/**
 * What a list of allowed signers says of a key that signed in a namespace, at `now` in milliseconds since 1970. Where
 * several lines name the key, the best one counts.
 */
export function standingOf(
  signers: readonly AllowedSigner[],
  key: SshPublicKey,
  namespace: string,
  now: number,
): Standing {
  const standings = signers
    .filter((signer) => signer.key.blob.equals(key.blob))
    .map((signer) => judge(signer, namespace, now));
  return standings.find(({ standing }) => standing === 'known') ?? standings[0] ?? { standing: 'unknown' };
}

function judge(signer: AllowedSigner, namespace: string, now: number): Standing {
  const { principals, namespaces, validAfter, validBefore } = signer;
  if (namespaces !== undefined && !matchesList(namespace, namespaces))
    return { standing: 'namespace', principals };
  if (validAfter !== undefined && now < validAfter)
    return { standing: 'early', principals, since: validAfter };
  if (validBefore !== undefined && now > validBefore)
    return { standing: 'expired', principals, since: validBefore };
  return { standing: 'known', principals };
}

/** A pattern list (ssh_config(5), PATTERNS): `*` and `?`, and `!` before a pattern that must not match. */
function matchesList(text: string, list: string): boolean {
  const patterns = list.split(',');
  const matches = (pattern: string): boolean =>
    new RegExp(
      `^${pattern
        .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
        .replace(/\*/g, '.*')
        .replace(/\?/g, '.')}$`,
      's',
    ).test(text);
  if (patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern));
}
