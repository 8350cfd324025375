import type { BodyfileEntry } from '../artifacts/bodyfile.ts';

/** Directories in which anybody may write, or a pod does. */
export const anybodys = /^\/(?:tmp|var\/tmp|dev\/shm|run\/shm|home|var\/lib\/kubelet\/pods)\//;

/**
 * True for the lines of a body file that a rule reads: setuid and setgid files where none belongs, block devices outside
 * of /dev, and links among the logs of pods. A node has half a million others.
 */
export function isTelling({ mode, name }: BodyfileEntry): boolean {
  const kind = mode[0];
  if (kind === '-') return /[sS]/.test(mode) && anybodys.test(name.toString('latin1'));
  if (kind === 'b') return !name.toString('latin1').startsWith('/dev/');
  return kind === 'l' && name.toString('latin1').startsWith('/var/log/pods/');
}
