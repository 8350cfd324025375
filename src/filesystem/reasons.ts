import type { Change, HiddenProcess } from './pod-diff.ts';

/** Places where a new or changed file says something about its purpose. */
const places: readonly (readonly [RegExp, string])[] = [
  [/^\/etc\/ld\.so\.(?:preload|conf)/, 'decides what every program loads'],
  [/^\/(?:etc\/(?:cron|anacron)|var\/spool\/cron)/, 'scheduled job'],
  [/\/\.ssh\/|^\/etc\/ssh\//, 'SSH access'],
  [/^\/etc\/(?:passwd|shadow|group|gshadow|sudoers)/, 'accounts'],
  [/^\/etc\/(?:profile|bash\.bashrc|environment)|\/\.(?:bashrc|profile|bash_profile)$/, 'run at login'],
];
const webRoot = /^\/(?:srv|var\/www|usr\/share\/nginx\/html|usr\/local\/apache2\/htdocs|usr\/share\/caddy)\//;
const webScript = /\.(?:php[0-9]?|phtml|jspx?|aspx?|cgi|pl|py|war)$/i;

/** Why a change matters, in words for the table; empty when nothing stands out. */
export function reasonsOf(change: Change): string {
  const { before, flags } = change;
  const reasons: string[] = [];
  if (change.change === 'typechanged')
    reasons.push(`was a ${before?.type ?? 'something else'}, now ${change.type}`);
  if (change.change === 'modified')
    reasons.push(change.type === 'file' ? 'content differs' : `${change.type} differs`);
  if (flags.includes('mtime-spoofed')) reasons.push('time put back');
  if (flags.includes('setuid')) reasons.push('setuid');
  if (flags.includes('setgid')) reasons.push('setgid');
  if (flags.includes('capabilities')) reasons.push('file capabilities');
  if (change.change !== 'deleted') reasons.push(...content(change), ...owner(change));
  if (change.change === 'deleted' && change.type === 'directory') reasons.push('directory with all in it');
  if (flags.includes('world-writable') && before?.mode === change.mode) reasons.push('world-writable');
  if (change.change !== 'touched')
    reasons.push(...places.filter(([at]) => at.test(change.path)).map(([, why]) => why));
  if (flags.includes('not-compared')) reasons.push('content not compared');
  if (flags.includes('shadowed')) reasons.push('hidden under a mount');
  if (flags.includes('runtime')) reasons.push('made by the runtime');
  return reasons.join(', ');
}

/** What a process runs, in words for the table. */
export function processReason(process: HiddenProcess): string {
  return process.reason === 'memfd'
    ? `runs from memory only, ${process.executable}`
    : `runs a deleted file, ${process.executable}`;
}

function content(change: Change): string[] {
  if (webRoot.test(change.path) && (change.content === 'script' || webScript.test(change.path)))
    return ['script in a web root'];
  if (change.change === 'metadata') return [];
  if (change.content === 'elf') return ['ELF executable'];
  if (change.content === 'script') return ['script'];
  return change.flags.includes('executable') ? ['executable'] : [];
}

function owner({ before, mode, uid, gid }: Change): string[] {
  if (before === undefined) return [];
  return [
    ...(before.mode === mode ? [] : [`mode ${before.mode} -> ${mode ?? ''}`]),
    ...(before.uid === uid && before.gid === gid
      ? []
      : [`owner ${before.uid}:${before.gid} -> ${uid ?? ''}:${gid ?? ''}`]),
  ];
}
