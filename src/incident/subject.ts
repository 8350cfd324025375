import type { TimelineEvent } from './event.ts';

/** What a timeline is narrowed to. */
export type TimelineSubject =
  | { readonly kind: 'pod'; readonly name: string }
  | { readonly kind: 'pid'; readonly pid: number }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'user'; readonly user: string };

/** Reads `pod/NAME`, `pod/NAMESPACE/NAME`, a pid, an absolute path, or a user (`user/NAME` where it is a number); undefined for none. */
export function parseSubject(text: string): TimelineSubject | undefined {
  const [, word = '', rest = ''] = /^(pod|pid|user)\/(.+)$/s.exec(text) ?? [];
  if (word === 'pod') return /^[^/]+(?:\/[^/]+)?$/.test(rest) ? { kind: 'pod', name: rest } : undefined;
  if (word === 'user') return { kind: 'user', user: rest };
  const number = word === 'pid' ? rest : text;
  if (/^[0-9]{1,10}$/.test(number)) return { kind: 'pid', pid: Number(number) };
  if (word === 'pid' || text === '' || /^(?:pod|pid|user)\//.test(text)) return undefined;
  return text.startsWith('/')
    ? { kind: 'path', path: text.replace(/(?<=.)\/+$/, '') }
    : { kind: 'user', user: text };
}

/**
 * True when an event is about the subject. A path stands for all below it. Users and paths are looked for in the messages of
 * logs too, as whole words; a pid is one in the pid namespace of its node.
 */
export function isAbout(event: TimelineEvent, subject: TimelineSubject): boolean {
  switch (subject.kind) {
    case 'pod':
      return (
        event.pod !== undefined && (event.pod === subject.name || event.pod.endsWith(`/${subject.name}`))
      );
    case 'pid':
      return event.pid === subject.pid;
    case 'path':
      return (
        (event.path !== undefined && isBelow(event.path, subject.path)) ||
        (isLog(event) && hasWord(event.message, subject.path))
      );
    case 'user':
      return event.user === subject.user || (isLog(event) && hasWord(event.message, subject.user));
  }
}

function isBelow(path: string, top: string): boolean {
  return path === top || path.startsWith(top === '/' ? '/' : `${top}/`);
}

function isLog({ source }: TimelineEvent): boolean {
  return source === 'syslog' || source === 'journal' || source === 'audit' || source === 'podlog';
}

const partOfWord = /[A-Za-z0-9_.-]/;

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + word.length] ?? ' ';
    const behind = text[at + word.length + 1] ?? ' ';
    // The end of a sentence, or of a path that goes on.
    const ends = !partOfWord.test(after) || (after === '.' && !partOfWord.test(behind));
    if (!partOfWord.test(before) && ends) return true;
  }
  return false;
}
