/**
 * The name that someone who typed `wanted` most likely meant, or undefined when none is near. Pods have generated endings,
 * so `wanted` is compared with each name's dash-separated beginnings as well as with the whole of it.
 */
export function nearestName(wanted: string, names: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const name of [...names].sort()) {
    const distance = Math.min(...beginnings(name).map((part) => editDistance(wanted, part, limit)));
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

/** `a-b-c` as `a`, `a-b` and `a-b-c`. */
function beginnings(name: string): string[] {
  const parts = name.split('-');
  return parts.map((_, i) => parts.slice(0, i + 1).join('-'));
}

/** Edits (insert, delete, replace, swap of neighbours) that make `a` of `b`; anything above `limit` when there are more. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + same,
          swapped ? (before[j - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? limit + 1;
}
