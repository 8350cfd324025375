import { execStream } from '../../src/cluster/exec.ts';
import type { ExecOptions, ExecResult } from '../../src/cluster/exec-types.ts';
import type { FakeCluster } from '../fake-api/fake-cluster.ts';
import { memoryIo } from '../support/memory-io.ts';

/** Runs `cat /x` in a container of the fake cluster, with changes. */
export function execOn(cluster: FakeCluster): (changes?: Partial<ExecOptions>) => Promise<ExecResult> {
  return (changes = {}) =>
    execStream(cluster.api, memoryIo(), {
      namespace: 'default',
      pod: 'web',
      container: 'app',
      command: ['cat', '/x'],
      stdout: () => undefined,
      signal: new AbortController().signal,
      ...changes,
    });
}
