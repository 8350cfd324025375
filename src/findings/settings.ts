import { posix } from 'node:path';
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

/** What the looks at a one-line file of the kernel found, each value once: what was put back later was there all the same. */
export function valuesOf(traces: NodeTraces, name: string): Traced<string>[] {
  const values = new Map<string, Traced<string>>();
  for (const { source, value } of traces.files.get(name) ?? []) {
    const text = value.bytes.toString('latin1').replace(/\n$/, '');
    if (!values.has(text)) values.set(text, { source, value: text });
  }
  return [...values.values()];
}

/** True for a place that a container writes to, or anybody, however its path is written: a program of the system is never there. */
export function isWritableByOthers(path: string): boolean {
  return writableByOthers.test(path) || writableByOthers.test(posix.normalize(path).replace(/^\/\//, '/'));
}

/** Places that a container writes to, or anybody. */
const writableByOthers =
  /^(?:\/(?:tmp|var\/tmp|dev\/shm|run\/shm|proc|home|run\/user)\/|\/var\/lib\/(?:containerd|docker|containers|k0s|kubelet|rancher)\/|\/var\/snap\/microk8s\/common\/|\/run\/(?:containerd|docker|k0s|k3s)\/)|\/overlay\/|\/upper(?:dir)?\/|\/\.\.\//;
