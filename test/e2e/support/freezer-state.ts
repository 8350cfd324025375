import { onNode } from './world.ts';

/** State of the freezer of a pod, as its node has it. */
export async function freezerOf(node: string, uid: string): Promise<'FROZEN' | 'THAWED'> {
  const find = `find /sys/fs/cgroup -type d -name '*pod${uid}*'`;
  const script = `for each in $(${find}); do cat $each/freezer.state $each/cgroup.freeze 2>/dev/null; done`;
  const words = (await onNode(node, script)).stdout.split('\n').filter(Boolean);
  return words.some((word) => word === 'FROZEN' || word === '1') ? 'FROZEN' : 'THAWED';
}

/** What a node has of the processes of ours that are to let a pod go on; empty when there is none. */
export async function thawersOf(node: string, uid: string): Promise<string> {
  // A whole line of what the thawer runs; that of this shell has more on it.
  return (await onNode(node, `grep -lsx -F ': ir-thaw ${uid}' /proc/[0-9]*/cmdline`)).stdout;
}
