import type { ItemSink } from '../../src/artifacts/item.ts';
import { rawPath } from '../../src/filesystem/changes.ts';
import { ChangeLog } from '../../src/filesystem/change-log.ts';
import type { Change } from '../../src/filesystem/pod-diff.ts';
import { walkContainer } from '../../src/filesystem/walk-container.ts';
import type { WalkedContainer } from '../../src/filesystem/walk-container.ts';
import type { LocalNode } from '../collector/local-node.ts';
import { MemorySink } from '../collector/local-node.ts';
import { localCollector } from './local-collector.ts';
import type { OverlayLab } from './overlay-lab.ts';

const id = 'a'.repeat(64);

/** A walk with its changes in memory. */
export interface Walked extends WalkedContainer {
  readonly changes: readonly Change[];
}

/** The real scripts on the layers of a lab, and the judgement of what they say. */
export async function diffOf(
  node: LocalNode,
  lab: Pick<OverlayLab, 'upper' | 'lowers'>,
  sink: ItemSink = new MemorySink(),
): Promise<Walked> {
  const log = await ChangeLog.open(node.directory);
  try {
    const walked = await walkContainer(
      localCollector(node),
      id,
      { upper: lab.upper, lowers: lab.lowers, userAttributes: false },
      { mountPoints: new Set(), started: undefined },
      { sink, log, signal: new AbortController().signal },
    );
    const changes: Change[] = [];
    for await (const change of log) changes.push(change);
    return { ...walked, changes };
  } finally {
    await log.close();
  }
}

/** The changes as the oracle writes them; what was only touched is the same for it. */
export function asLines({ changes }: Walked): string[] {
  return changes
    .filter(({ change }) => change !== 'touched')
    .map((change) => {
      const raw = rawPath(change);
      if (change.change === 'deleted')
        return `deleted ${raw} ${change.type === 'directory' ? (change.below ?? 0) : ''}`.trimEnd();
      const content = change.sha256 ?? (change.type === 'symlink' ? 'link' : '');
      const from =
        change.from === undefined
          ? ''
          : ` from ${rawPath({
              path: change.from,
              ...(change.fromBytes === undefined ? {} : { pathBytes: change.fromBytes }),
            })}`;
      return `${change.change} ${raw} ${content}${from}`.trimEnd();
    })
    .sort();
}

/** Targets of links and numbers of devices are judged by `modified` alone. */
export function comparable(lines: readonly string[]): string[] {
  return lines
    .map((line) => line.replace(/ link:[0-9a-f]{64}/, ' link').replace(/ device:[0-9]+$/, ''))
    .sort();
}
