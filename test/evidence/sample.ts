import { randomBytes } from 'node:crypto';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCase } from '../../src/evidence/case.ts';
import { sealCase } from '../../src/evidence/seal.ts';
import { memoryIo } from '../support/memory-io.ts';
import { fileHeader } from './sandbox.ts';

/** A case with two acquisitions, hostile names among their items; sealed unless told otherwise. */
export async function sampleCase(dir: string, seal = true): Promise<void> {
  const io = memoryIo();
  const opened = await openCase(io, { dir, target: 'shop' });
  for (const [kind, target] of [
    ['node', 'node-a'],
    ['diff', 'shop'],
  ] as const) {
    const acquisition = await opened.startAcquisition({ kind, target });
    for (const name of ['[root]/etc/passwd', '../../evil', 'new\nline', Buffer.from([0xff, 0xfe])]) {
      await acquisition.begin(fileHeader(name));
      await acquisition.write(Buffer.from(`content of ${String(name)}`));
      await acquisition.end({ outcome: 'ok', length: Buffer.byteLength(`content of ${String(name)}`) });
    }
    await acquisition.gap('sockets', 'live_response/network/nft.txt', 'skipped', 'no nft in the image');
    await acquisition.finish({ outcome: 'complete' });
  }
  if (seal) await sealCase(opened);
  await opened.close();
}

/** Puts into the payload of a case what takes some time to read, and comes last: 128 MiB of nothing. */
export async function addLargeFile(dir: string): Promise<void> {
  const path = join(dir, 'data/zz-large');
  await writeFile(path, '');
  await truncate(path, 128 * 1024 * 1024);
}

/** A case with one acquisition of so many MiB that do not compress; not sealed. */
export async function randomCase(dir: string, mebibytes: number): Promise<void> {
  const opened = await openCase(memoryIo(), { dir, target: 'shop' });
  const acquisition = await opened.startAcquisition({ kind: 'node', target: 'node-a' });
  await acquisition.begin(fileHeader('[root]/var/log/large'));
  for (let at = 0; at < mebibytes; at += 1) await acquisition.write(randomBytes(2 ** 20));
  await acquisition.end({ outcome: 'ok', length: mebibytes * 2 ** 20 });
  await acquisition.finish({ outcome: 'complete' });
  await opened.close();
}
