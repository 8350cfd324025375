import { type Malformed, lines } from './lines.ts';

/** One statement of sudoers(5). */
export type SudoersLine =
  | {
      readonly kind: 'rule';
      /** Users, `%group`, aliases or ALL. */
      readonly who: Buffer;
      readonly hosts: Buffer;
      /** Whom they may run as, `root` when it says nothing. */
      readonly as: Buffer;
      /** Such as NOPASSWD, in capitals. */
      readonly tags: readonly string[];
      readonly commands: Buffer;
    }
  | { readonly kind: 'alias' | 'default' | 'include'; readonly text: Buffer };

const tagList = /^\s*((?:(?:NO)?(?:PASSWD|EXEC|SETENV|LOG_INPUT|LOG_OUTPUT|MAIL|FOLLOW|INTERCEPT)\s*:\s*)+)/;

/** The statements of a file, continued lines joined. What a rule grants is told as written; aliases are not put in. */
export function* parseSudoers(bytes: Buffer): Generator<SudoersLine | Malformed> {
  let pending: string[] = [];
  let start = 0;
  for (const { bytes: line, offset } of lines(bytes)) {
    if (pending.length === 0) start = offset;
    const text = line.toString('latin1');
    if (text.endsWith('\\')) {
      pending.push(text.slice(0, -1));
      continue;
    }
    yield* readStatement([...pending, text].join(' ').trim(), start);
    pending = [];
  }
  yield* readStatement(pending.join(' ').trim(), start);
}

function* readStatement(statement: string, offset: number): Generator<SudoersLine | Malformed> {
  if (/^[#@]include(?:dir)?\s/.test(statement)) yield { kind: 'include', text: latin(statement) };
  else if (statement === '' || /^#(?![0-9])/.test(statement)) return;
  else if (/^Defaults/.test(statement)) yield { kind: 'default', text: latin(statement) };
  else if (/^(?:User|Runas|Host|Cmnd|Cmd)_Alias\b/.test(statement))
    yield { kind: 'alias', text: latin(statement) };
  else yield readRule(statement.replace(/\s#.*$/s, '')) ?? { malformed: 'no statement of sudoers', offset };
}

function readRule(statement: string): SudoersLine | undefined {
  const equals = statement.indexOf('=');
  const [who, hosts, ...more] = wordsOf(
    statement
      .slice(0, Math.max(equals, 0))
      .split(',')
      .map((one) => one.trim())
      .join(','),
  );
  const rest = statement.slice(equals + 1).trim();
  if (who === undefined || hosts === undefined || more.length > 0) return undefined;
  const runAs = /^\(([^)]*)\)\s*/.exec(rest);
  const behind = rest.slice(runAs?.[0].length ?? 0);
  const tags = tagList.exec(behind)?.[1] ?? '';
  const commands = behind.slice(tagList.exec(behind)?.[0].length ?? 0);
  if (commands === '') return undefined;
  return {
    kind: 'rule',
    who: latin(who),
    hosts: latin(hosts),
    as: latin(runAs?.[1] ?? 'root'),
    tags: tags
      .split(':')
      .map((tag) => tag.trim())
      .filter(Boolean),
    commands: latin(commands),
  };
}

/** Words between blanks; a blank in quotes or behind a backslash belongs to its word. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') quoted = !quoted;
    if (!quoted && /\s/.test(character)) {
      if (word !== '') words.push(word);
      word = '';
    } else word += character === '\\' ? text.slice(at, (at += 1) + 1) : character;
  }
  return word === '' ? words : [...words, word];
}

function latin(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
