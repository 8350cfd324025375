import type { Traced } from './finding.ts';
import type { NodeTraces, TracedFile } from './traces.ts';

/** Small files whose names match, by name. */
export function filesLike(traces: NodeTraces, pattern: RegExp): Traced<TracedFile>[] {
  return [...traces.files]
    .filter(([name]) => pattern.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, files]) => files);
}

/** What the last look at a one-line file of the kernel found: without its newline, one byte per character. */
export function lastOf(traces: NodeTraces, name: string): Traced<string> | undefined {
  const file = traces.files.get(name)?.at(-1);
  return file === undefined
    ? undefined
    : { source: file.source, value: file.value.bytes.toString('latin1').replace(/\n$/, '') };
}

/** Places that a container writes to, or anybody: a program of the system is never there. */
export const writableByOthers =
  /^(?:\/(?:tmp|var\/tmp|dev\/shm|run\/shm|proc|home|run\/user)\/|\/var\/lib\/(?:containerd|docker|containers|kubelet|rancher)\/|\/run\/(?:containerd|docker|k3s)\/)|\/overlay\/|\/upper(?:dir)?\/|\/\.\.\//;
