import type { FileStat } from '../../src/artifacts/item.ts';
import { packCase } from '../../src/evidence/archive.ts';
import { openCase } from '../../src/evidence/case.ts';
import { memoryIo } from '../support/memory-io.ts';
import { fileHeader } from './sandbox.ts';

/** What an item holds: content, the target of a link, or why it is not whole. */
export type Content =
  | string
  | Buffer
  | { readonly target: string }
  | { readonly truncated: string | Buffer }
  | {
      readonly bytes: string;
      readonly artifact?: string;
      readonly modified?: number;
      readonly changed?: number;
    };

/** A case with one acquisition of a node for each table of items by name. */
export async function caseWith(
  dir: string,
  ...nodes: readonly Readonly<Record<string, Content>>[]
): Promise<void> {
  const opened = await openCase(memoryIo(), { dir, target: 'node' });
  for (const [index, items] of nodes.entries()) {
    const node = `node-${String.fromCharCode(97 + index)}`;
    const acquisition = await opened.startAcquisition({ kind: 'node', target: node, node });
    for (const [name, content] of Object.entries(items)) {
      if (typeof content === 'object' && 'target' in content) {
        await acquisition.begin(fileHeader(name, { type: 'symlink', target: Buffer.from(content.target) }));
        await acquisition.end({ outcome: 'ok', length: 0 });
        continue;
      }
      const cut = typeof content === 'object' && 'truncated' in content;
      const timed = typeof content === 'object' && 'bytes' in content ? content : undefined;
      const bytes = Buffer.from(cut ? content.truncated : (timed?.bytes ?? (content as string | Buffer)));
      await acquisition.begin(
        fileHeader(name, {
          ...(timed === undefined ? {} : { stat: statOf(timed, bytes.length) }),
          ...(timed?.artifact === undefined ? {} : { artifact: timed.artifact }),
        }),
      );
      await acquisition.write(bytes);
      await acquisition.end(
        cut
          ? { outcome: 'truncated', length: bytes.length, detail: 'the last bytes' }
          : { outcome: 'ok', length: bytes.length },
      );
    }
    await acquisition.finish({ outcome: 'complete' });
  }
  await opened.close();
}

/** Times are seconds since the epoch. */
function statOf(
  { modified = 0, changed = 0 }: { modified?: number; changed?: number },
  size: number,
): FileStat {
  const nanoseconds = (seconds: number): bigint => BigInt(seconds) * 1_000_000_000n;
  return {
    ...{ mode: 0o100644, uid: 0, gid: 0, size, links: 1, inode: 1n, device: 1n },
    ...{ accessed: 0n, modified: nanoseconds(modified), changed: nanoseconds(changed) },
  };
}

/** Packs a case, which seals it; where its archive is. */
export async function archiveOf(dir: string): Promise<string> {
  const { signal } = new AbortController();
  return (await packCase(memoryIo(), dir, { format: 'tar.gz', signal })).path;
}
