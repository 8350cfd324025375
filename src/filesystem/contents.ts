import type { ItemSink } from '../artifacts/item.ts';
import type { Collector } from '../collector/collector.ts';
import type { RawChange } from './classify.ts';
import { scriptInput } from './script-input.ts';

const fileCap = 10 * 1024 * 1024;
const totalCap = 100 * 1024 * 1024;
const mostFiles = 1000;

/** Files that are secrets as a whole are not taken; their names and facts are in the diff. */
const secrets =
  /^\/etc\/g?shadow-?$|\/id_(?:rsa|dsa|ecdsa|ed25519)$|\.(?:key|pem|p12|pfx|jks|keystore)$|\/kubeconfig$|\/\.kube\/config$|\/var\/run\/secrets\/|^\/run\/secrets\//;

/**
 * Puts added and modified files into the evidence as they lie in the writable layer, under their path on the node
 * (`[root]/…/snapshots/N/fs/tmp/x`), which tools that read the tar take for what it is: at most 10 MiB each, 100 MiB and 1000 files
 * in all, executables first.
 */
export async function collectContents(
  collector: Collector,
  containers: readonly { readonly upper: string; readonly changes: readonly RawChange[] }[],
  options: { readonly sink: ItemSink; readonly signal: AbortSignal },
): Promise<void> {
  let [bytes, files] = [0, 0];
  for (const { upper, changes } of containers) {
    const chosen: string[] = [];
    for (const { raw, change } of wanted(changes)) {
      const size = change.size ?? 0;
      if (files >= mostFiles || bytes + size > totalCap) continue;
      files += 1;
      bytes += size;
      chosen.push(raw);
    }
    if (upper === '' || chosen.length === 0) continue;
    await collector.collect(
      'diff-content',
      [String(fileCap)],
      options.sink,
      options.signal,
      scriptInput([upper, ...chosen]),
    );
  }
}

/** Files with content of the container's own, what can be run first, then the small ones. */
export function wanted(changes: readonly RawChange[]): RawChange[] {
  return changes
    .filter(
      ({ change }) =>
        ['added', 'modified', 'typechanged'].includes(change.change) &&
        change.type === 'file' &&
        !secrets.test(change.path) &&
        (change.size ?? 0) > 0 &&
        (change.size ?? 0) <= fileCap,
    )
    .sort((a, b) => rank(a) - rank(b) || (a.change.size ?? 0) - (b.change.size ?? 0));
}

function rank({ change }: RawChange): number {
  return change.content !== undefined || change.flags.includes('executable') ? 0 : 1;
}
