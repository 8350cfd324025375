import type { RegistryEntry } from './entry.ts';

/** Commands that prepare and lead people, in the order of help. */
export const organiseCommands: readonly RegistryEntry[] = [];
