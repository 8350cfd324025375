import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { formatRecipient, identityOf, parseIdentities } from '../../../src/evidence/age/keys.ts';
import { chunkSize, encrypt } from '../../../src/evidence/age/stream.ts';
import { bytesOf, inSandbox, piecesOf, run } from '../sandbox.ts';

/** Contents that end before, at and behind the borders of chunks. */
const lengths = [0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 3 * chunkSize, 3 * chunkSize + 17];

describe('age encryption', () => {
  it('is opened by age itself, by each recipient, whatever the length', () =>
    inSandbox(async (dir) => {
      const keys = [await run('age-keygen', []), await run('age-keygen', [])];
      const recipients = keys.flatMap((text) => {
        const found = parseIdentities(text);
        return typeof found === 'string' ? [] : found.map(({ recipient }) => recipient);
      });
      for (const length of lengths) {
        const content = randomBytes(length);
        const sealed = await bytesOf(encrypt(piecesOf(content, 40_000), recipients, randomBytes(32)));
        await writeFile(join(dir, 'x.age'), sealed);
        for (const key of keys) {
          await writeFile(join(dir, 'key'), key);
          await run('sh', ['-c', 'age -d -i key x.age >opened'], dir);
          await writeFile(join(dir, 'wanted'), content);
          await run('cmp', ['opened', 'wanted'], dir);
        }
      }
    }));

  it('gives the same bytes for the same seed however the content comes, and others for another', async () => {
    const { recipient } = identityOf(randomBytes(32));
    const content = randomBytes(200_000);
    const seed = randomBytes(32);
    const one = await bytesOf(encrypt(piecesOf(content, 1000), [recipient], seed));
    const two = await bytesOf(encrypt(piecesOf(content, 150_000), [recipient], seed));
    const other = await bytesOf(encrypt(piecesOf(content, 1000), [recipient], randomBytes(32)));
    expect(one.equals(two)).to.equal(true);
    expect(one.equals(other)).to.equal(false);
    expect(formatRecipient(recipient)).to.match(/^age1/);
  });

  it('takes no more of its source than it gives', async () => {
    let taken = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        taken += 1;
        yield await Promise.resolve(Buffer.alloc(chunkSize));
      }
    }
    const reader = encrypt(endless(), [identityOf(randomBytes(32)).recipient], randomBytes(32));
    for (let count = 0; count < 5; count += 1) await reader.next();
    expect(taken).to.be.lessThan(7);
    await reader.return(undefined);
  });
});
