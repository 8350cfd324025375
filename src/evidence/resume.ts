import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type AcquisitionRecord, parseAcquisitionRecord } from './acquisition-record.ts';
import { hasCode } from './durable-file.ts';
import { layout } from './layout.ts';
import { readItems } from './reader.ts';

/** What an interrupted collection left in a case. */
export interface Unfinished {
  /** Its acquisitions by the names of their directories, the first one first. */
  readonly acquisitions: readonly string[];
  /** Phases that are whole in one of them. */
  readonly done: ReadonlySet<string>;
}

/** Name of the item that says that a phase is whole; it is written when the phase has ended. */
export function phaseMark(phase: string): string {
  return `live_response/phases/${phase}.json`;
}

/**
 * Looks in a case that is held open for the last collection of this kind from this target with these options, and tells
 * what of it is there when it was not finished; undefined when there is none or it is whole. What a collection went on
 * from is named in its options as `resumes`.
 */
export async function findUnfinished(
  caseDir: string,
  wanted: Pick<AcquisitionRecord, 'collection' | 'target' | 'options'>,
): Promise<Unfinished | undefined> {
  const parent = join(caseDir, layout.acquisitions);
  const found: { readonly name: string; readonly record: AcquisitionRecord }[] = [];
  for (const name of await readdir(parent).catch(noneWhenMissing)) {
    const record = parseAcquisitionRecord(
      await readFile(join(parent, name, layout.acquisitionRecord), 'utf8').catch(() => ''),
    );
    if (record?.collection !== wanted.collection || record.target !== wanted.target) continue;
    if (isDeepStrictEqual(plain(record.options), plain(wanted.options))) found.push({ name, record });
  }
  found.sort((a, b) => a.record.started.localeCompare(b.record.started) || a.name.localeCompare(b.name));
  const last = found.at(-1);
  if (last?.record.outcome !== 'partial') return undefined;
  const before = resumed(last.record).filter((name) => found.some((one) => one.name === name));
  const acquisitions = [...before, last.name];
  const done = new Set<string>();
  for (const name of acquisitions)
    for await (const item of readItems(join(parent, name, layout.items)))
      if (item.artifact === 'phase' && item.outcome === 'ok')
        done.add(item.name.replace(/^live_response\/phases\/|\.json$/g, ''));
  return { acquisitions, done };
}

/** Options as JSON has them, without what they say of an earlier run. */
function plain(options: AcquisitionRecord['options']): unknown {
  return JSON.parse(JSON.stringify({ ...options, resumes: undefined }));
}

function resumed({ options }: AcquisitionRecord): string[] {
  const { resumes } = options;
  return Array.isArray(resumes) ? resumes.filter((name) => typeof name === 'string') : [];
}

function noneWhenMissing(error: unknown): string[] {
  if (!hasCode(error, 'ENOENT')) throw error;
  return [];
}
