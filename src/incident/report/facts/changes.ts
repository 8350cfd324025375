import type { Excerpt } from '../excerpt.ts';
import type { ImageFacts } from './workloads.ts';

export interface ChangeFacts {
  readonly path: string;
  readonly change: string;
  readonly type: string;
  readonly size?: number;
  readonly time?: string;
  readonly sha256?: string;
  readonly flags: readonly string[];
}

/** What a container changed against its image, as the last comparison in the case has it. */
export interface ContainerFacts extends ImageFacts {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Without the runtime's prefix. */
  readonly id?: string;
  readonly acquisition: string;
  readonly blind: readonly string[];
  readonly complete: boolean;
  readonly changes: Excerpt<ChangeFacts>;
  /** Entries that the runtime made; not among the changes. */
  readonly byRuntime: number;
  readonly processes: readonly {
    readonly pid: number;
    readonly name: string;
    readonly executable: string;
    readonly reason: string;
    readonly started?: string;
  }[];
}
