import { instantText } from './instant.ts';
import { type Malformed, decimal, lines } from './lines.ts';
import { present } from './present.ts';

/** One line of /etc/shadow without its hash: shadow(5), crypt(5). */
export interface ShadowEntry {
  readonly name: Buffer;
  /** `none`: anybody gets in. `locked` has a hash behind a `!`. `disabled` has none. */
  readonly state: 'set' | 'locked' | 'disabled' | 'none';
  /** Such as `yescrypt`; missing where there is no hash. */
  readonly method?: string;
  /** Dates, `2026-11-22`. */
  readonly changed?: string;
  readonly expires?: string;
}

/** Prefixes of crypt(5). */
const methods: ReadonlyMap<string, string> = new Map([
  ['1', 'md5'],
  ['2a', 'bcrypt'],
  ['2b', 'bcrypt'],
  ['2y', 'bcrypt'],
  ['5', 'sha256'],
  ['6', 'sha512'],
  ['7', 'scrypt'],
  ['gy', 'gost-yescrypt'],
  ['y', 'yescrypt'],
]);

/** The entries of a file; what a password is made of never leaves this function. */
export function* parseShadow(bytes: Buffer): Generator<ShadowEntry | Malformed> {
  for (const { bytes: line, offset } of lines(bytes)) {
    if (line.length === 0 || line[0] === 0x23) continue;
    const [name, password, changed, , , , , expires, ...rest] = line.toString('latin1').split(':');
    if (name === undefined || password === undefined || rest.length > 1) {
      yield { malformed: 'no line of the shadow file', offset };
      continue;
    }
    const hash = password.replace(/^!+/, '');
    const method = /^\$([A-Za-z0-9]+)\$/.exec(hash)?.[1];
    const hashed = method !== undefined || /^[A-Za-z0-9./]{13}$/.test(hash);
    yield {
      name: Buffer.from(name, 'latin1'),
      state: password === '' ? 'none' : !hashed ? 'disabled' : password.startsWith('!') ? 'locked' : 'set',
      ...present({
        method: !hashed ? undefined : method === undefined ? 'des' : (methods.get(method) ?? 'unknown'),
        changed: day(changed),
        expires: day(expires),
      }),
    };
  }
}

function day(text: string | undefined): string | undefined {
  const days = decimal(text);
  return days === undefined ? undefined : instantText(days * 86_400)?.slice(0, -10);
}
