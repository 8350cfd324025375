import type { ItemSink } from '../artifacts/item.ts';
import type { Collector } from '../collector/collector.ts';
import { rawPath } from './changes.ts';
import type { Layers } from './overlay.ts';
import type { Change, ContainerDiff } from './pod-diff.ts';
import { scriptInput } from './script-input.ts';
import { viewScript } from '../collector/scripts.ts';
import { optionsOf } from './walk-container.ts';
import { walkToken } from './walk-token.ts';

/** Most of one file, of all files together, and most files that are put into the evidence. */
export const contentCaps = { file: 10 * 1024 * 1024, total: 100 * 1024 * 1024, files: 1000 } as const;

/** Files that are secrets as a whole are not taken; their names and facts are in the diff. */
const secrets =
  /^\/etc\/g?shadow-?$|\/id_(?:rsa|dsa|ecdsa|ed25519)$|\.(?:key|pem|p12|pfx|jks|keystore)$|\/kubeconfig$|\/\.kube\/config$|\/var\/run\/secrets\/|^\/run\/secrets\//;

/** A container that was looked at: its writable layer's place on the node, empty when it is not known, and all its layers. */
export interface WithContents {
  readonly diff: Pick<ContainerDiff, 'id' | 'changes' | 'processes'>;
  readonly upper: string;
  readonly layers?: Layers;
}

/**
 * Puts changed files into the evidence within `contentCaps`, what matters first: as they lie in the writable layer, under their path
 * on the node (`[root]/…/snapshots/N/fs/tmp/x`), which tools that read the tar take for what it is; what they were in the image under
 * `live_response/containers/ID/image/…`; and programs that run although their file is gone under `live_response/process/PID/exe`.
 */
export async function collectContents(
  collector: Collector,
  containers: readonly WithContents[],
  options: { readonly sink: ItemSink; readonly signal: AbortSignal },
): Promise<void> {
  const { sink, signal } = options;
  let [bytes, files] = [0, 0];
  const fits = (size: number): boolean => {
    if (size > contentCaps.file || files >= contentCaps.files || bytes + size > contentCaps.total)
      return false;
    files += 1;
    bytes += size;
    return true;
  };
  for (const { diff, upper, layers } of containers) {
    const pids = diff.processes
      .filter(({ reason, size }) => reason !== 'changed' && fits(size))
      .map(({ pid }) => String(pid));
    if (pids.length > 0) await collector.collect('executables', ['these', ...pids], sink, signal);
    if (upper === '' || layers === undefined) continue;
    const [own, image]: [string[], string[]] = [[], []];
    for await (const change of diff.changes) {
      if (isWanted(change) && fits(change.size ?? 0)) own.push(rawPath(change));
      if (hadContent(change) && fits(change.before?.size ?? 0)) image.push(rawPath(change));
      if (files >= contentCaps.files) break;
    }
    const cap = String(contentCaps.file);
    if (own.length > 0)
      await collector.collect('diff-content', [cap], sink, signal, scriptInput([upper, ...own]));
    if (image.length === 0) continue;
    const stack = [layers.upper, ...layers.lowers];
    const words = ['content', walkToken(), diff.id, optionsOf(layers), String(stack.length), cap];
    await collector.collect(viewScript('diff-image'), words, sink, signal, scriptInput([...stack, ...image]));
  }
}

/** Files with content of the container's own. */
export function isWanted({ change, type, path, size = 0 }: Change): boolean {
  return (
    ['added', 'modified', 'typechanged'].includes(change) &&
    type === 'file' &&
    !secrets.test(path) &&
    size > 0
  );
}

/** Files of which the image has another content. */
function hadContent({ change, before, path }: Change): boolean {
  return change === 'modified' && before?.type === 'file' && before.size > 0 && !secrets.test(path);
}
