import type { CallResult, Collector } from '../collector/collector.ts';
import type { Script } from '../collector/script.ts';
import { openAhead, type WaitingCall } from '../collector/waiting-call.ts';
import { scriptText } from '../collector/scripts.ts';
import { OperationError } from '../output/errors.ts';
import { terminalLine } from '../output/line.ts';
import { parsePodLink, type PodLink } from './link.ts';
import { checkedUid, routeTag, tableNames } from './names.ts';
import { cutFamilies } from './rules/cut-rules.ts';
import type { RuleInput } from './rules/parts.ts';
import type { Subject } from './subject.ts';

/** Texts by which the cgroup path of a process shows that it is the pod's; the systemd driver writes the uid with underscores. */
function wordsOf(uid: string): string[] {
  return [checkedUid(uid), uid.replaceAll('-', '_')];
}

/** A script, the last of `names`, preceded by those whose functions it uses. */
export function composed(...names: readonly [...string[], string]): Script {
  return { name: names.at(-1) ?? '', text: names.map((name) => scriptText(name)).join('') };
}

/** Finds the pod's link on its node. Throws OperationError when no running container has the pod's address. */
export async function findLink(
  collector: Collector,
  subject: Subject,
  signal: AbortSignal,
): Promise<PodLink> {
  const words = [...wordsOf(subject.uid), ...subject.containerIds];
  const args = [subject.address, ...words];
  const answer = await collector.call(composed('pod-processes', 'pod-space', 'pod-links', 'pod-link'), args, {
    signal,
  });
  if (answer.exitCode === 3) {
    throw new OperationError(
      `no process on node ${subject.node} is in the network of pod "${subject.name}" (${subject.address || 'no address'})`,
      {
        advice:
          'look whether a container of it still runs, and which runtime it has: gVisor and Kata keep it elsewhere',
      },
    );
  }
  if (answer.exitCode !== 0) throw failed('find the link of the pod', subject.node, answer);
  return { ...parsePodLink(answer.stdout), words };
}

/** Opens the exec that loads rules on the pod's node ahead of time. */
export function openRules(collector: Collector, link: PodLink): WaitingCall {
  return openAhead((...all) => collector.call(...all), rulesScript(), rulesWords('node', link));
}

function rulesWords(where: 'node' | 'pod', { pid, namespace, words }: PodLink): string[] {
  return [where, String(pid), namespace, ...words];
}

function rulesScript(): Script {
  return composed('milliseconds', 'pod-space', 'nft-load');
}

/**
 * Loads nft rules, all or none, on the node (through `opened` if that is given) or in the pod's network namespace. Throws when the
 * pod's network is no longer the one that was found. Resolves to the seconds that it took on the node.
 */
export async function loadRules(
  collector: Collector,
  rules: string,
  where: 'node' | 'pod',
  {
    link,
    opened,
    signal,
  }: { readonly link: PodLink; readonly opened?: WaitingCall | undefined; readonly signal: AbortSignal },
): Promise<number | undefined> {
  const input = Buffer.from(rules);
  const answer = await (opened?.run(input, signal) ??
    collector.call(rulesScript(), rulesWords(where, link), { input, signal }));
  if (answer.exitCode === 3) throw changedNamespace();
  if (answer.exitCode !== 0) throw failed('load nft rules', collector.identity.node, answer);
  return secondsOf(answer);
}

/** Cuts by routing rules, on the node (`cut`) or in the pod's network namespace. Resolves to the seconds that it took on the node. */
export async function placeRoutes(
  collector: Collector,
  where: 'cut' | 'inside',
  at: {
    readonly rules: RuleInput;
    readonly link: PodLink;
    readonly addresses: readonly string[];
    readonly signal: AbortSignal;
  },
): Promise<number | undefined> {
  const script = composed('milliseconds', 'pod-space', 'routes');
  const args = [routeTag(at.rules.uid), where, ...routeWords(where, at)];
  const answer = await collector.call(script, args, { signal: at.signal });
  if (answer.exitCode === 3) throw changedNamespace();
  if (answer.exitCode !== 0) throw failed('place rules of routing', collector.identity.node, answer);
  return secondsOf(answer);
}

function routeWords(
  where: 'cut' | 'inside',
  { rules, link, addresses }: Parameters<typeof placeRoutes>[2],
): string[] {
  const probed = rules.ports.length === 0 ? undefined : rules.address;
  const place = [
    ...['pid', String(link.pid), 'space', link.namespace],
    ...link.words.flatMap((word) => ['word', word]),
  ];
  if (where === 'cut') {
    const routed = link.links.filter((one) => one.attachment === 'routed');
    return [
      ...place,
      ...(probed === undefined ? [] : ['probed', probed]),
      ...addresses.flatMap((address) => ['address', address]),
      ...routed.flatMap((one) => ['link', one.name]),
    ];
  }
  const six = rules.address.includes(':');
  const sources = [
    ...(link.probeSource === undefined ? [] : [link.probeSource]),
    // Neighbour discovery of the node comes from its link-local addresses.
    ...(six ? link.linkLocal.node.map((one) => one.address) : []),
  ];
  return [
    ...place,
    ...(probed === undefined ? [] : sources.flatMap((source) => ['source', source])),
    ...link.inner.flatMap((name) => ['link', name]),
  ];
}

/** Removes tables of one pod from the node and verifies that they are gone. Fine when there are none. */
export async function unloadTables(
  collector: Collector,
  uid: string,
  which: readonly ('mark' | 'cut' | 'count')[],
  signal: AbortSignal,
): Promise<void> {
  const names = tableNames(uid);
  const args = which.flatMap((one) =>
    one === 'mark' ? ['inet', names.mark] : cutFamilies.flatMap((family) => [family, names[one]]),
  );
  const answer = await collector.call('nft-unload', args, { signal });
  if (answer.exitCode !== 0) throw failed('remove our nft tables', collector.identity.node, answer);
}

/** Removes the routing rules of one pod from the node and verifies that they are gone. */
export async function removeRoutes(collector: Collector, uid: string, signal: AbortSignal): Promise<void> {
  const answer = await collector.call('routes-remove', [routeTag(uid)], { signal });
  if (answer.exitCode !== 0) throw failed('remove our rules of routing', collector.identity.node, answer);
}

/**
 * Removes what is ours, or only the counters, from the network namespaces of the pod's processes, and verifies that it is gone.
 * Resolves to the number of those namespaces.
 */
export async function removeInside(
  collector: Collector,
  uid: string,
  which: readonly ('inside' | 'count')[],
  signal: AbortSignal,
): Promise<number> {
  const names = tableNames(uid);
  const tag = which.includes('inside') ? routeTag(uid) : 'none';
  const args = [tag, ...wordsOf(uid), '--', ...which.map((one) => names[one])];
  const answer = await collector.call(composed('pod-processes', 'pod-space', 'inside-remove'), args, {
    signal,
  });
  if (answer.exitCode !== 0) {
    throw failed('remove what is ours from the network of the pod', collector.identity.node, answer);
  }
  return Number.parseInt(answer.stdout.toString('latin1'), 10) || 0;
}

function secondsOf({ stdout }: CallResult): number | undefined {
  const milliseconds = /^took (\d{1,9})$/m.exec(stdout.toString('latin1'))?.[1];
  return milliseconds === undefined ? undefined : Number(milliseconds) / 1000;
}

/** The process by which the pod's network namespace was found has gone or moved. */
export function changedNamespace(): OperationError {
  return new OperationError(
    'the process that held the network of the pod is gone; if the pod was started anew, no cut is on its new network',
    {
      advice:
        'look at it: kubectl ir status; run the command again, after a release where the pod was isolated',
    },
  );
}

/** The error for a step that failed on the node, with the first line of its stderr. */
export function failed(step: string, node: string, { stderr }: CallResult): OperationError {
  const said = stderr.split('\n').find((line) => line.trim() !== '') ?? 'no message';
  return new OperationError(`cannot ${step} on node ${node}: ${terminalLine(said).slice(0, 300)}`, {
    advice: 'try another --collector-image; one with nft holds most on Linux 5.16 or later',
  });
}
