import { formatCount } from '../output/count.ts';
import type { Change } from './pod-diff.ts';

/** Something about a change that matters to a responder: how much, and in words; some things matter without words. */
export interface Sign {
  /** 0 to 100. */
  readonly weight: number;
  readonly words: string;
}

/** Places where a new or changed file says something about its purpose. */
const places: readonly (readonly [RegExp, number, string])[] = [
  [/^\/etc\/ld\.so\.(?:preload|conf)|^\/etc\/ld-musl-.*\.path$/, 100, 'decides what every program loads'],
  [/^\/(?:etc\/(?:cron|anacron)|var\/spool\/(?:cron|at)|etc\/systemd\/system)/, 85, 'scheduled job'],
  [/\/\.ssh\/|^\/etc\/ssh\//, 85, 'SSH access'],
  [/^\/etc\/(?:passwd|shadow|group|gshadow|sudoers|pam\.d|nsswitch\.conf)/, 85, 'accounts'],
  [
    /^\/etc\/(?:profile|bash\.bashrc|environment)|\/\.(?:bashrc|profile|bash_profile|zshrc)$/,
    80,
    'run at login',
  ],
  [
    /^\/etc\/(?:ssl|ca-certificates)|^\/usr\/(?:local\/)?share\/ca-certificates\//,
    70,
    'trusted certificates',
  ],
  [
    /^\/(?:var\/lib\/dpkg\/(?:status|info\/)|lib\/apk\/db\/|var\/lib\/rpm\/|usr\/lib\/sysimage\/rpm\/)/,
    60,
    'database of installed packages',
  ],
];
const webRoot = /^\/(?:srv|var\/www|usr\/share\/nginx\/html|usr\/local\/apache2\/htdocs|usr\/share\/caddy)\//;
const webScript = /\.(?:php[0-9]?|phtml|jspx?|aspx?|cgi|pl|py|war)$/i;
const programs = /^\/(?:usr\/(?:local\/)?)?s?bin\/[^/]+$/;
const libraries = /\.so(?:\.[0-9]+)*$/;

/** All signs of a change, in the order in which they are told. */
export function signsOf(change: Change): Sign[] {
  const { before, flags } = change;
  const gone = change.change === 'deleted';
  const signs: Sign[] = [];
  const add = (weight: number, words: string): void => {
    signs.push({ weight, words });
  };
  if (change.change === 'typechanged')
    add(50, `was a ${before?.type ?? 'something else'}, now ${change.type}`);
  if (change.change === 'modified')
    add(40, change.type === 'file' ? 'content differs' : `${change.type} differs`);
  if (change.from !== undefined) add(30, `was ${change.from}`);
  if (flags.includes('mtime-spoofed')) add(75, 'time put back');
  if (flags.includes('setuid')) add(isNew(0o4000, change) ? 95 : 60, 'setuid');
  if (flags.includes('setgid')) add(isNew(0o2000, change) ? 95 : 60, 'setgid');
  if (flags.includes('capabilities')) add(95, 'file capabilities');
  if (!gone) signs.push(...content(change), ...owner(change));
  if (change.hardLinkOf !== undefined) add(20, `same file as ${change.hardLinkOf}`);
  if (gone && change.type === 'directory') add(30, withAllInIt(change.below));
  if (flags.includes('world-writable') && before?.mode === change.mode) add(50, 'world-writable');
  if (change.change !== 'touched')
    for (const [at, weight, words] of places) if (at.test(change.path)) add(gone ? 50 : weight, words);
  if (flags.includes('not-compared')) add(70, 'content not compared');
  if (flags.includes('shadowed')) add(60, 'hidden under a mount');
  if (flags.includes('since-incident')) add(55, 'since the incident began');
  if (flags.includes('runtime')) add(0, 'made by the runtime');
  return signs;
}

/** Why a change matters, in words for the table; empty when nothing stands out. */
export function reasonsOf(change: Change): string {
  return signsOf(change)
    .map(({ words }) => words)
    .filter((words) => words !== '')
    .join(', ');
}

function withAllInIt(below = 0): string {
  return below === 0 ? 'directory' : `directory with ${formatCount(below, 'entry', 'entries')} in it`;
}

function content(change: Change): Sign[] {
  const { path, flags } = change;
  const fresh = change.change === 'added' || change.change === 'modified' || change.change === 'typechanged';
  if (webRoot.test(path) && (change.content === 'script' || webScript.test(path)))
    return [{ weight: fresh ? 90 : 50, words: 'script in a web root' }];
  if (change.change === 'metadata') return [];
  const known = programs.test(path) || libraries.test(path);
  const weight = change.change === 'touched' ? 15 : fresh ? (known ? 90 : 80) : 40;
  if (change.content === 'elf')
    return [{ weight, words: libraries.test(path) ? 'ELF library' : 'ELF executable' }];
  if (change.content === 'script') return [{ weight: weight - 5, words: 'script' }];
  if (flags.includes('executable')) return [{ weight: weight - 5, words: 'executable' }];
  return known && change.type !== 'directory' ? [{ weight: weight - 10, words: '' }] : [];
}

function owner({ before, mode, uid, gid }: Change): Sign[] {
  if (before === undefined) return [];
  const signs: Sign[] = [];
  if (before.mode !== mode) signs.push({ weight: 35, words: `mode ${before.mode} -> ${mode ?? ''}` });
  if (before.uid !== uid || before.gid !== gid)
    signs.push({ weight: 35, words: `owner ${before.uid}:${before.gid} -> ${uid ?? ''}:${gid ?? ''}` });
  return signs;
}

/** True when the image's side has not the mode bit that the container's side has. */
function isNew(bit: number, { before }: Change): boolean {
  return before === undefined || (Number.parseInt(before.mode, 8) & bit) === 0;
}
