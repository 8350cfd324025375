import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ItemHeader } from '../artifacts/item.ts';
import { buildInfo } from '../output/build.ts';
import type { AcquisitionRecord } from './acquisition-record.ts';
import type { Actor } from './actor.ts';
import { hasCode, syncDirectory } from './durable-file.ts';
import { layout, nameWord, stampOf } from './layout.ts';
import type { SecretKey } from './secret-key.ts';

/** What is about to be collected. */
export interface AcquisitionStart {
  /** `node`, `pod`, `diff`, …: part of the directory's name. */
  readonly kind: string;
  /** Name of the node or pod as the API server has it. */
  readonly target: string;
  readonly node?: string;
  /** What the user chose, as plain JSON. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Tells which items may hold credentials; default none. */
  readonly sensitive?: (header: ItemHeader) => boolean;
  /** Gives secrets that are not kept an HMAC; without it they are only told. */
  readonly secretKey?: SecretKey;
}

/** Makes `data/acquisitions/UTC-KIND-TARGET`, with a number behind it when it exists. Returns it relative to the case. */
export async function makeDirectory(caseDir: string, start: AcquisitionStart, now: Date): Promise<string> {
  const parent = join(caseDir, layout.acquisitions);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const word = `${stampOf(now)}-${nameWord(start.kind)}-${nameWord(start.target)}`;
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? word : `${word}-${count}`;
    try {
      await mkdir(join(parent, name), { mode: 0o700 });
      await syncDirectory(parent);
      return `${layout.acquisitions}/${name}`;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
}

/**
 * The record with which an acquisition begins. A node's tar is called as UAC calls its own, `uac-NODE-linux-UTC.tar`,
 * any other `KIND-TARGET-UTC.tar`.
 */
export function firstRecord(start: AcquisitionStart, now: Date, actor: Actor): AcquisitionRecord {
  const stamp = stampOf(now);
  const target = nameWord(start.target);
  const name =
    start.kind === 'node'
      ? `uac-${target}-linux-${stamp}.tar`
      : `${nameWord(start.kind)}-${target}-${stamp}.tar`;
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'Acquisition',
    collection: start.kind,
    target: start.target,
    ...(start.node === undefined ? {} : { node: start.node }),
    tool: buildInfo(),
    actor,
    options: start.options ?? {},
    started: now.toISOString(),
    outcome: 'running',
    tar: { name },
    items: { count: 0, bytes: 0, sensitive: 0, secrets: 0, outcomes: {} },
    gaps: [],
    gapCount: 0,
  };
}
