import { openCase } from '../../src/evidence/case.ts';
import { memoryIo } from '../support/memory-io.ts';
import { fileHeader } from './sandbox.ts';

/** What an item holds: content, the target of a link, or why it is not whole. */
export type Content = string | Buffer | { readonly target: string } | { readonly truncated: string | Buffer };

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
      const bytes = Buffer.from(cut ? content.truncated : content);
      await acquisition.begin(fileHeader(name));
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
