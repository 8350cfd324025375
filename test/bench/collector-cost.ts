import { eventually, onNode } from '../e2e/support/world.ts';

/** What a collector used, as the cgroups of its pod tell. */
export interface CollectorCost {
  /** Most bytes of its programs and its spool, of looks five times a second. */
  readonly ownBytes: number;
  /** Most bytes with the cached pages of what it read, which the kernel gives up when somebody needs the room. */
  readonly cachedBytes: number;
  /** Processor time, and the most of it within about a second, in seconds per second. */
  readonly cpuSeconds: number;
  readonly mostCpus: number;
  /** From its first to its last look. */
  readonly seconds: number;
}

/** Longest time that a collector may take to begin. */
const waitSeconds = 60;

/**
 * Follows the first pod that begins on the node (cgroup-v1/memory.rst and cpuacct.rst: nodes of the test cluster have those) until
 * it is gone.
 */
const follow = `
cd /sys/fs/cgroup/memory || exit 1
pods() { find . -type d -name 'pod*' -path '*kubepods*' -not -path '*/pod*/*' | sort; }
now() { cut -d ' ' -f 1 /proc/uptime; }
pods >/run/bench-listed && mv /run/bench-listed /run/bench-before
i=0
until pod=$(pods | comm -13 /run/bench-before - | grep . | head -n 1); [ -n "$pod" ]; do
  i=$((i + 1)); [ "$i" -lt ${waitSeconds * 20} ] || exit 1; sleep 0.05
done
while [ -d "$pod" ]; do
  own=$(awk '$1 == "total_rss" || $1 == "total_shmem" { sum += $2 } END { print sum + 0 }' "$pod/memory.stat")
  peak=$(cat "$pod/memory.max_usage_in_bytes") cpu=$(cat "../cpuacct/$pod/cpuacct.usage") || break
  echo "$(now) $own $peak $cpu"
  sleep 0.2
done 2>/dev/null
rm -f /run/bench-before`;

/** Does something that starts one collector on a node, where no other pod begins meanwhile, and tells what that used. */
export async function withCollectorCost<T>(
  node: string,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly cost: CollectorCost }> {
  await onNode(node, 'rm -f /run/bench-before');
  const following = onNode(node, follow);
  await eventually(
    `the pods of ${node} are known`,
    async () => (await onNode(node, '[ -e /run/bench-before ]')).code === 0,
  );
  const result = await work();
  const { code, stdout, stderr } = await following;
  const looks = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
  if (code !== 0 || looks.length < 2) throw new Error(`no pod was seen to begin on ${node}: ${stderr}`);
  return { result, cost: costOf(looks as [number, number, number, number][]) };
}

/** Of looks: seconds, own bytes, most bytes with cached pages, nanoseconds of processors. */
function costOf(looks: readonly [number, number, number, number][]): CollectorCost {
  const [first = [0, 0, 0, 0]] = looks;
  const last = looks.at(-1) ?? first;
  let mostCpus = 0;
  let from = first;
  for (const look of looks) {
    if (look[0] - from[0] < 1) continue;
    mostCpus = Math.max(mostCpus, (look[3] - from[3]) / 1e9 / (look[0] - from[0]));
    from = look;
  }
  return {
    ownBytes: Math.max(...looks.map(([, own]) => own)),
    cachedBytes: last[2],
    cpuSeconds: last[3] / 1e9,
    mostCpus,
    seconds: last[0] - first[0],
  };
}
