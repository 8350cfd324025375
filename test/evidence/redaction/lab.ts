import { openCase } from '../../../src/evidence/case.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { fileHeader } from '../sandbox.ts';

/** Values that must not be found in a redacted case. */
export const secrets = ['hunter2-hunter2', 'c2VjcmV0LWRhdGE=', 'environment-value'] as const;

const contents: readonly [string, string][] = [
  ['[root]/etc/hostname', 'node-a\n'],
  ['[root]/proc/7/environ', `HOME=${secrets[2]}\0DB_PASSWORD=${secrets[0]}\0`],
  ['[root]/var/log/app.log', `start\npassword=${secrets[0]}\nend\n`],
  ['live_response/kubernetes/secrets.json', JSON.stringify({ kind: 'Secret', data: { a: secrets[1] } })],
];

/** A case with secrets in items that are flagged as sensitive; not sealed. */
export async function secretCase(dir: string): Promise<void> {
  const opened = await openCase(memoryIo(), { dir, target: 'shop' });
  const sensitive = ({ name }: { readonly name: Buffer }): boolean => !name.includes('hostname');
  const acquisition = await opened.startAcquisition({ kind: 'node', target: 'node-a', sensitive });
  for (const [name, content] of contents) {
    await acquisition.begin(fileHeader(name));
    await acquisition.write(Buffer.from(content));
    await acquisition.end({ outcome: 'ok', length: Buffer.byteLength(content) });
  }
  await acquisition.gap('sockets', 'live_response/network/nft.txt', 'skipped', 'no nft in the image');
  await acquisition.finish({ outcome: 'complete' });
  await opened.close();
}
