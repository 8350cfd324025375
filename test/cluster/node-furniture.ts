import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../../src/output/errors.ts';
import type { Io } from '../../src/output/io.ts';
import type { RunningNode } from './enter.ts';

/** Waits until the node's furniture.sh has run. Throws OperationError with its last words when it failed. */
export async function waitForFurniture(node: RunningNode, io: Io): Promise<void> {
  const file = (path: string): Promise<string> =>
    readFile(join(`/proc/${node.init}/root`, path), 'utf8').catch(() => '');
  const deadline = io.monotonic() + 90_000;
  for (;;) {
    const code = (await file('/run/node-furnished')).trim();
    if (code === '0') return;
    if (code !== '' || io.monotonic() > deadline) {
      const last = (await file('/var/log/furniture.log')).trim().split('\n').at(-1) ?? '';
      throw new OperationError(`${node.name} could not be furnished: ${last}`, {
        advice: 'See test/cluster/node/furniture.sh; after `down` the next `up` begins anew.',
      });
    }
    await io.sleep(25);
  }
}

/** Gives a node its static pod, whose image it must have: kubelet starts it and shows it to the API server. */
export async function addStaticPod(node: RunningNode): Promise<void> {
  const manifests = `/proc/${node.init}/root/etc/kubernetes/manifests`;
  // kubelet looks at no file whose name begins with a dot.
  await writeFile(join(manifests, '.node-agent.yaml'), staticPod);
  await rename(join(manifests, '.node-agent.yaml'), join(manifests, 'node-agent.yaml'));
}

/** Does nothing, and takes no network of its own, so as to be in nobody's way. */
const staticPod = `apiVersion: v1
kind: Pod
metadata:
  name: node-agent
  namespace: kube-system
  labels:
    app: node-agent
spec:
  hostNetwork: true
  terminationGracePeriodSeconds: 0
  containers:
    - name: agent
      image: lab.local/pause:1
      imagePullPolicy: IfNotPresent
      resources:
        requests:
          cpu: 1m
          memory: 4Mi
`;
