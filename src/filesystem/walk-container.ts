import type { ItemSink } from '../artifacts/item.ts';
import type { Collector } from '../collector/collector.ts';
import { Capture } from './capture.ts';
import type { ChangeLog } from './change-log.ts';
import { Judgement } from './judgement.ts';
import type { MountListing } from './mount-contents.ts';
import type { Layers } from './overlay.ts';
import type { Blind } from './pod-diff.ts';
import { scriptInput } from './script-input.ts';
import type { Surroundings } from './surroundings.ts';
import { viewScript } from '../collector/scripts.ts';
import { parseHashes } from './walk.ts';
import { WalkReader } from './walk-reader.ts';
import { walkToken } from './walk-token.ts';
import { WalkSink } from './walk-sink.ts';

/** Largest file whose content is compared, in KiB. */
const hashLimitKiB = 256 * 1024;
/** Most bytes of hashes of renamed files. */
const hashesLimit = 64 * 1024 * 1024;

/** What became of one container's layers; the changes are in the log. */
export interface WalkedContainer {
  readonly blind: readonly Blind[];
  /** Where the writable layer lies on the node, links resolved; empty when it could not be read. */
  readonly upper: string;
  /** False when the collector had no getfattr: a capability given to a file of the image shows as `touched` then. */
  readonly capabilities: boolean;
  /** Those of the watched paths whose content is the container's own. */
  readonly changed: ReadonlySet<string>;
}

export interface WalkOptions {
  readonly sink: ItemSink;
  /** Mounts of the container that are listed first, as an exec of their own takes longer than they do. */
  readonly listing?: MountListing;
  readonly log: ChangeLog;
  /** Paths of which is to be told whether their content is the container's own; one byte per character. */
  readonly watched?: ReadonlySet<string>;
  /** When the incident began, in nanoseconds since the epoch; what changed since is marked. */
  readonly incident?: bigint | undefined;
  readonly signal: AbortSignal;
}

/**
 * Reads and judges the layers of one container. What can't be used is blind, never a wrong entry; what was judged before stays in the log.
 * Throws PartialError for a broken stream.
 */
export async function walkContainer(
  collector: Collector,
  id: string,
  layers: Layers,
  surroundings: Surroundings,
  options: WalkOptions,
): Promise<WalkedContainer> {
  const { signal, listing } = options;
  const token = listing?.token ?? walkToken();
  const judgement = new Judgement(options.log, surroundings, {
    copy: layers.copy === true,
    incident: options.incident,
    ...(options.watched === undefined ? {} : { watched: options.watched }),
  });
  let upper = '';
  const reader = new WalkReader(token, {
    upper: (path) => {
      upper = path;
    },
    batch: (batch) => judgement.batch(batch),
    complaints: (lines) => {
      judgement.complaints(lines);
    },
  });
  const sink = new WalkSink(listing?.sink ?? options.sink, reader);
  const words = [token, id, String(hashLimitKiB), optionsOf(layers), String(listing?.count ?? 0)];
  const layersInput = scriptInput([layers.upper, ...layers.lowers]);
  const input = Buffer.concat([listing?.input ?? Buffer.alloc(0), layersInput]);
  await collector.collect(viewScript('diff'), words, sink, signal, input);
  const hashes = await imageHashes(collector, id, layers, judgement.renamedMaybe(), options);
  await judgement.finish(hashes);
  const { changed, capabilities } = judgement;
  return { blind: [...judgement.blind, ...sink.blind], upper, capabilities, changed };
}

/** Options of a view of these layers, as the scripts take them. */
export function optionsOf(layers: Layers): string {
  if (layers.copy === true) return 'copy';
  return layers.userAttributes ? ',userxattr' : ',redirect_dir=follow,metacopy=on';
}

/** sha256 of files of the image by path; what can't be had is left out. */
async function imageHashes(
  collector: Collector,
  id: string,
  layers: Layers,
  paths: readonly string[],
  { sink, signal }: WalkOptions,
): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map();
  const token = walkToken();
  const capture = new Capture(sink, new Set(['container-diff']), hashesLimit);
  const stack = [layers.upper, ...layers.lowers];
  const words = ['hash', token, id, optionsOf(layers), String(stack.length)];
  await collector.collect(
    viewScript('diff-image'),
    words,
    capture,
    signal,
    scriptInput([...stack, ...paths]),
  );
  const text = capture
    .complete(`live_response/containers/${id}/diff`)
    .get('image.sha256')
    ?.toString('latin1');
  const end = `${token}>over\n`;
  return text?.endsWith(end) === true
    ? parseHashes(text.slice(0, -end.length), token, 'image.sha256')
    : new Map<string, string>();
}
