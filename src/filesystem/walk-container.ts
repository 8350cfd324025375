import { randomBytes } from 'node:crypto';
import type { ItemSink } from '../artifacts/item.ts';
import type { Collector } from '../collector/collector.ts';
import { OperationError } from '../output/errors.ts';
import { Capture } from './capture.ts';
import type { RawChange } from './classify.ts';
import { classify } from './classify.ts';
import type { Layers } from './overlay.ts';
import type { Blind } from './pod-diff.ts';
import { scriptInput } from './script-input.ts';
import type { Surroundings } from './surroundings.ts';
import { parseWalk } from './walk.ts';

/** Largest file whose content is compared, in KiB. */
const hashLimitKiB = 256 * 1024;
/** Most bytes of one container's listings that are held in memory. */
const listingLimit = 512 * 1024 * 1024;

/** Judged layers of one container. */
export interface WalkedContainer {
  readonly changes: readonly RawChange[];
  readonly blind: readonly Blind[];
  /** Where the writable layer lies on the node, links resolved; empty when it could not be read. */
  readonly upper: string;
  /** False when the collector had no getfattr: a capability given to a file of the image shows as `touched` then. */
  readonly capabilities: boolean;
}

/** A random name that no program of a container can know (walk.ts says what for). */
export function walkToken(): string {
  return `@${randomBytes(12).toString('hex')}`;
}

/** Reads and judges the layers of one container. What can't be used is blind, never a wrong entry. Throws PartialError for a broken stream. */
export async function walkContainer(
  collector: Collector,
  id: string,
  layers: Layers,
  surroundings: Surroundings,
  options: { readonly sink: ItemSink; readonly signal: AbortSignal },
): Promise<WalkedContainer> {
  const token = walkToken();
  const capture = new Capture(options.sink, new Set(['container-diff']), listingLimit);
  await collector.collect(
    'diff',
    [
      token,
      id,
      String(hashLimitKiB),
      layers.copy === true
        ? 'copy'
        : layers.userAttributes
          ? ',userxattr'
          : ',redirect_dir=follow,metacopy=on',
    ],
    capture,
    options.signal,
    scriptInput([layers.upper, ...layers.lowers]),
  );
  const items = capture.complete(`live_response/containers/${id}/diff`);
  const capabilities = items.has('container.capability');
  try {
    const { changes, blind } = classify(parseWalk(items, token), surroundings);
    return {
      changes: layers.copy === true ? changesOfCopy(changes) : changes,
      blind,
      upper: items.get('upper.path')?.toString('latin1') ?? '',
      capabilities,
    };
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const blind = [...failedItems(capture), { what: 'file system', why: error.message }];
    return { changes: [], blind, upper: '', capabilities };
  }
}

/** In a full copy every file is looked at: one that only lies there is no change, and no mark tells how a name went. */
function changesOfCopy(changes: readonly RawChange[]): RawChange[] {
  return changes
    .filter(({ change }) => change.change !== 'touched' || change.mtime !== change.before?.mtime)
    .map(({ raw, change }) => ({
      raw,
      change: { ...change, flags: change.flags.filter((flag) => flag !== 'opaque') },
    }));
}

/** Outputs that did not come whole, with the node's reason. */
function failedItems(capture: Capture): Blind[] {
  return [...capture.items.values()]
    .filter(({ header, end }) => end.outcome !== 'ok' && !header.name.includes('.capability'))
    .map(({ header, end }) => ({
      what: header.name.toString('latin1').split('/').at(-1) ?? '',
      why: `${end.outcome}: ${end.detail ?? 'no reason given'}`,
    }));
}
