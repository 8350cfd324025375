import type { Kind } from './kind.ts';
import { enteredKinds } from './kinds/entered.ts';
import { runningKinds } from './kinds/running.ts';
import { writtenKinds } from './kinds/written.ts';

/** Everything that a case can show, in the order of help. */
export const kinds: readonly Kind[] = [...runningKinds, ...enteredKinds, ...writtenKinds];

/** The kind of a name. */
export function findKind(name: string): Kind | undefined {
  return kinds.find((kind) => kind.name === name);
}
