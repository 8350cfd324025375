import type { Entry } from './entry.ts';
import { parentOf } from './path-text.ts';
import type { Surroundings } from './surroundings.ts';
import { couldBeOfRuntime } from './surroundings.ts';

/**
 * Finds out what the runtime made and not the container: entries that could be its, if nothing else is in them. Add all entries
 * of the container, directories before what is in them, then ask.
 */
export class RuntimeEntries<T> {
  readonly #surroundings: Surroundings;
  readonly #candidates = new Map<string, T>();
  readonly #others = new Set<string>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** An entry that the image lacks; true when it may be the runtime's. `about` comes back with it. */
  added(raw: string, entry: Entry, about: T): boolean {
    if (!couldBeOfRuntime(raw, entry, this.#surroundings)) {
      this.other(raw);
      return false;
    }
    this.#candidates.set(raw, about);
    return true;
  }

  /** A path that is not the runtime's, or of which nothing is known: the directory that it is in is not either. */
  other(raw: string): void {
    const parent = parentOf(raw);
    if (this.#candidates.has(parent)) this.#others.add(parent);
  }

  /** What was kept about each entry that the runtime made. */
  made(): T[] {
    const made: T[] = [];
    for (const [raw, about] of [...this.#candidates].reverse())
      if (this.#others.has(raw)) this.#others.add(parentOf(raw));
      else made.push(about);
    return made;
  }
}
