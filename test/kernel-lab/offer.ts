import type { Requirement } from '../support/offer.ts';

/** A machine with a kernel of its own: the kernel and the emulator that are used are Debian's for amd64. */
export function ownKernel(): Requirement {
  return {
    what: 'a kernel of its own',
    met: process.arch === 'x64' && process.getuid?.() === 0,
    otherwise: 'root on an amd64 machine has one',
  };
}
