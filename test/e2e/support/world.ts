import type { Node } from '../../../src/cluster/objects.ts';
import { processIo } from '../../../src/output/io.ts';
import { inNode } from '../../cluster/enter.ts';
import { layoutOf } from '../../cluster/layout.ts';
import { nodeNamed, recordOfCluster } from '../../cluster/nodes.ts';
import { attempt, type Outcome, run } from '../../cluster/run.ts';

const io = processIo();

/** kubectl with arguments and optional input; its stdout. Throws when it fails. */
export function kubectl(args: readonly string[], input?: string): Promise<string> {
  return run('kubectl', args, input === undefined ? {} : { input });
}

/** `kubectl ir` as a user runs it, whatever its exit code. */
export function kubectlIr(
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return attempt('kubectl', ['ir', ...args], { env: { ...io.env, ...more } });
}

/** A shell line on a node of the test cluster. */
export async function onNode(node: string, script: string): Promise<Outcome> {
  const record = await recordOfCluster(layoutOf(io.env));
  const { program, args, env } = await inNode(nodeNamed(record, node), ['sh', '-c', script]);
  return attempt(program, args, { env });
}

/** Names of the nodes that tests run on: the first two that are ready, run Linux and take pods. */
export async function nodeNames(): Promise<string[]> {
  const text = await kubectl(['get', 'nodes', '-l', 'kubernetes.io/os=linux', '-o', 'json']);
  return (JSON.parse(text) as { items: Node[] }).items
    .filter(({ spec, status }) => spec?.unschedulable !== true && isReady(status))
    .map(({ metadata }) => metadata?.name ?? '')
    .slice(0, 2);
}

function isReady(status: Node['status']): boolean {
  return status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
}

/** Waits until `test` says yes; throws with `what` after 30 s, if no other time is given. */
export async function eventually(what: string, test: () => Promise<boolean>, seconds = 30): Promise<void> {
  const end = io.monotonic() + seconds * 1000;
  while (!(await test())) {
    if (io.monotonic() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await io.sleep(500);
  }
}
