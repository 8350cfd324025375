import { type InetSocket, parseInet } from '../artifacts/net-inet.ts';
import type { Collector } from '../collector/collector.ts';
import { OperationError } from '../output/errors.ts';
import { terminalLine } from '../output/line.ts';
import { type Counters, parseCounters } from './counters.ts';
import type { Measurement } from './judge.ts';
import { parsePodLink, type PodLink } from './link.ts';
import { tableNames } from './names.ts';
import { sections, textLines } from './sections.ts';
import type { Subject } from './subject.ts';
import type { Try } from './tries.ts';

/** Socket tables of a pod with very many sockets, and counters of thousands of flows. */
const outputLimit = 16 * 1024 * 1024;

/** Finds the pod's link on its node. Throws OperationError when no running container has the pod's address. */
export async function findLink(
  collector: Collector,
  subject: Subject,
  signal: AbortSignal,
): Promise<PodLink> {
  // The systemd cgroup driver writes the uid with underscores.
  const words = [subject.uid, subject.uid.replaceAll('-', '_'), ...subject.containerIds];
  const answer = await collector.call('pod-link', [subject.address, ...words], { signal });
  if (answer.exitCode === 3) {
    throw new OperationError(
      `no process on node ${subject.node} is in the network of pod "${subject.name}" (${subject.address || 'no address'})`,
      {
        advice:
          'look whether a container of it still runs, and which runtime it has: gVisor and Kata keep it elsewhere',
      },
    );
  }
  if (answer.exitCode !== 0) throw failed('find the link of the pod', subject.node, answer.stderr);
  return parsePodLink(answer.stdout);
}

/** Loads rules on the node, all or none. */
export async function loadRules(collector: Collector, rules: string, signal: AbortSignal): Promise<void> {
  const answer = await collector.call('nft-load', [], { input: Buffer.from(rules), signal });
  if (answer.exitCode !== 0) throw failed('load nft rules', collector.identity.node, answer.stderr);
}

/** Removes tables of one pod and verifies that they are gone. Fine when there are none. */
export async function unloadTables(
  collector: Collector,
  uid: string,
  which: readonly ('mark' | 'cut' | 'count')[],
  signal: AbortSignal,
): Promise<void> {
  const names = tableNames(uid);
  const args = which.flatMap((one) => [one === 'mark' ? 'inet' : 'netdev', names[one]]);
  const answer = await collector.call('nft-unload', args, { signal });
  if (answer.exitCode !== 0) throw failed('remove our nft tables', collector.identity.node, answer.stderr);
}

/** What flows.sh measured, with the sockets that the pod had when it began. */
export interface FlowReading extends Measurement {
  readonly sockets: readonly InetSocket[];
}

/** Measures for `seconds`: new connections that we try, and with `counted` what the counting table says at the end. */
export async function readFlows(
  collector: Collector,
  link: PodLink,
  options: {
    readonly uid: string;
    readonly seconds: number;
    readonly counted: boolean;
    /** Rules to load first. */
    readonly rules?: string;
    readonly tries: readonly Try[];
    readonly signal: AbortSignal;
  },
): Promise<FlowReading> {
  const table = options.counted ? tableNames(options.uid).count : '-';
  const answer = await collector.call(
    'flows',
    [
      String(link.pid),
      link.namespace,
      String(options.seconds),
      table,
      ...options.tries.flatMap((one) => [one.side, one.address, String(one.port)]),
    ],
    {
      ...(options.rules === undefined ? {} : { input: Buffer.from(options.rules) }),
      limit: outputLimit,
      signal: options.signal,
    },
  );
  if (answer.exitCode === 3) {
    throw new OperationError('the process that held the network of the pod is gone', {
      advice: 'a container of it was restarted; run the command again',
    });
  }
  if (answer.exitCode !== 0) throw failed('count flows', collector.identity.node, answer.stderr);
  const parts = sections(answer.stdout);
  const numbers = new Set(textLines(parts.get('connected')));
  const counters = options.counted ? countersOf(parts.get('counters')) : undefined;
  return {
    seconds: options.seconds,
    ...(counters === undefined ? {} : { counters }),
    connected: options.tries.map((_, index) => numbers.has(String(index))),
    sockets: (['tcp', 'tcp6', 'udp', 'udp6'] as const).flatMap((name) => socketsOf(parts.get(name))),
  };
}

function countersOf(json: Buffer | undefined): Counters | undefined {
  return json === undefined || json.length === 0 ? undefined : parseCounters(json);
}

function socketsOf(table: Buffer | undefined): InetSocket[] {
  return [...parseInet(table ?? Buffer.alloc(0))].flatMap((row) => ('malformed' in row ? [] : [row]));
}

function failed(step: string, node: string, stderr: string): OperationError {
  const first = terminalLine(stderr.split('\n').find((line) => line.trim() !== '') ?? 'no message').slice(
    0,
    300,
  );
  return new OperationError(`cannot ${step} on node ${node}: ${first}`, {
    advice: 'the node needs Linux 5.16 or later and the collector image needs nft',
  });
}
