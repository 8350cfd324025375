import type { GlobalFlags } from './command.ts';
import { globalFlags } from './global-flags.ts';

/** Global flags as words of a command line that means the same, so that a command run by another one talks to the same cluster. */
export function globalWords(global: GlobalFlags): string[] {
  const values = global as Readonly<Record<string, unknown>>;
  return Object.keys(globalFlags).flatMap((name) => {
    const value = values[name];
    if (value === undefined || value === false) return [];
    if (value === true) return [`--${name}`];
    return (Array.isArray(value) ? value : [value]).map((one) => `--${name}=${String(one)}`);
  });
}
