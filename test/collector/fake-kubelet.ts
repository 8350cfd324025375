import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Pod } from '../../src/cluster/objects.ts';
import { aNode } from '../fake-api/builders.ts';
import type { FakeApi } from '../fake-api/fake-api.ts';
import type { FakeExec } from '../fake-api/fake-exec.ts';
import type { LocalNode } from './local-node.ts';

/** What a kubelet makes of a collector pod that was created just now. */
export function running(pod: Pod): Pod {
  const container = pod.spec?.containers[0];
  return {
    ...pod,
    metadata: { ...pod.metadata, creationTimestamp: new Date().toISOString() },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: container?.name ?? '',
          image: container?.image ?? '',
          imageID: `image@sha256:${'a'.repeat(64)}`,
          containerID: `containerd://${'b'.repeat(64)}`,
          ready: true,
          restartCount: 0,
          state: { running: { startedAt: '2026-11-22T04:00:00Z' } },
          volumeMounts: [{ name: 'host', mountPath: '/host', readOnly: true, recursiveReadOnly: 'Enabled' }],
        },
      ],
    },
  };
}

/** Puts node-a into a fake cluster: pods on it run at once, and commands in them run under busybox on this machine. */
export function addNode(fake: FakeApi, local?: LocalNode): void {
  fake.put(aNode('node-a'));
  fake.afterCreate('pods', (pod) => running(pod) as typeof pod);
  if (local !== undefined) fake.onExec((exec) => runHere(exec, local));
}

async function runHere(exec: FakeExec, { directory, env }: LocalNode): Promise<void> {
  const [, ...words] = exec.command;
  const child = spawn(join(directory, 'bin/sh'), words, { env, detached: true, stdio: 'pipe' });
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 137)));
  child.stdin.on('error', () => undefined);
  const input = (async () => {
    for await (const piece of exec.input()) child.stdin.write(piece);
    child.stdin.end();
  })();
  child.stderr.on('data', (chunk: Buffer) => void exec.writeError(chunk));
  for await (const chunk of child.stdout) await exec.write(chunk as Buffer);
  await exec.exit(await ended);
  await input;
}
