import { createHash } from 'node:crypto';
import { type Malformed, lines } from './lines.ts';

/** A key that lets in: sshd(8), AUTHORIZED_KEYS FILE FORMAT. */
export interface AuthorizedKey {
  /** Account by the directory that the file is in. */
  readonly account: Buffer;
  /** Raw text before the key, such as `from="10.0.0.0/8",command="…"`. */
  readonly options: Buffer;
  readonly type: string;
  /** As ssh-keygen -l prints it. */
  readonly fingerprint: string;
  readonly comment: Buffer;
}

const key = /^((?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t]+(.*))?$/s;

/** The keys of a file; comments and blank lines are skipped. */
export function* parseAuthorizedKeys(bytes: Buffer, path: Buffer): Generator<AuthorizedKey | Malformed> {
  const account = accountOf(path);
  for (const { bytes: line, offset } of lines(bytes)) {
    const text = line.toString('latin1').trim();
    if (text === '' || text.startsWith('#')) continue;
    const end = key.test(text) ? 0 : endOfOptions(text);
    const match = key.exec(text.slice(end).trimStart());
    const type = match?.[1];
    const blob = Buffer.from(match?.[2] ?? '', 'base64');
    if (type === undefined || !blob.subarray(4, 4 + type.length).equals(Buffer.from(type)))
      yield { malformed: 'no key', offset };
    else
      yield {
        account,
        options: Buffer.from(text.slice(0, end), 'latin1'),
        type,
        fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
        comment: Buffer.from(match?.[3] ?? '', 'latin1'),
      };
  }
}

/** Options end at the first blank outside of quotes. */
function endOfOptions(text: string): number {
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\' && text[at + 1] === '"') at += 1;
    else if (text[at] === '"') quoted = !quoted;
    else if (!quoted && /\s/.test(text[at] ?? '')) return at;
  }
  return text.length;
}

/** `…/HOME/.ssh/authorized_keys`, or a directory of files that are called like the accounts. */
function accountOf(path: Buffer): Buffer {
  const text = path.toString('latin1');
  return Buffer.from(
    /([^/]+)\/\.ssh\/[^/]+$/.exec(text)?.[1] ?? text.slice(text.lastIndexOf('/') + 1),
    'latin1',
  );
}
