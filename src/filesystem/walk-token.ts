import { randomBytes } from 'node:crypto';

/** A random name that no program of a container can know (walk.ts says what for). */
export function walkToken(): string {
  return `@${randomBytes(12).toString('hex')}`;
}
