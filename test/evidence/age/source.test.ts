import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import * as vectors from 'cctv-age';
import { expect } from 'chai';
import { identityOf, parseIdentities } from '../../../src/evidence/age/keys.ts';
import { openEncrypted } from '../../../src/evidence/age/source.ts';
import { chunkSize, encrypt } from '../../../src/evidence/age/stream.ts';
import type { ByteSource } from '../../../src/evidence/byte-source.ts';
import { OperationError } from '../../../src/output/errors.ts';
import { failureOf } from '../../support/failure.ts';
import { bytesOf, inSandbox, memorySource, piecesOf, run } from '../sandbox.ts';

const identity = identityOf(randomBytes(32));

async function sealed(content: Buffer): Promise<Buffer> {
  return bytesOf(encrypt(piecesOf(content, 50_000), [identity.recipient], randomBytes(32)));
}

async function open(bytes: Buffer): Promise<ByteSource> {
  return openEncrypted(memorySource(bytes), [identity]);
}

describe('encrypted source', () => {
  it('opens what age made', () =>
    inSandbox(async (dir) => {
      const key = await run('age-keygen', []);
      const recipient = /age1[a-z0-9]+/.exec(key)?.[0] ?? '';
      const content = randomBytes(3 * chunkSize);
      await writeFile(join(dir, 'plain'), content);
      const bytes = await run('sh', ['-c', `age -r ${recipient} plain | base64 -w0`], dir);
      const identities = parseIdentities(key);
      if (typeof identities === 'string') throw new Error(identities);
      const source = await openEncrypted(memorySource(Buffer.from(bytes, 'base64')), identities);
      expect((await bytesOf(source.read())).equals(content)).to.equal(true);
    }));

  it('gives any part', async () => {
    const content = randomBytes(2 * chunkSize + 1000);
    const source = await open(await sealed(content));
    expect(source.size).to.equal(content.length);
    const borders = [0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 2 * chunkSize, content.length];
    for (const start of borders)
      for (const end of borders)
        expect((await bytesOf(source.read(start, end))).equals(content.subarray(start, end))).to.equal(true);
  });

  it('finds any chunk altered, swapped, left out, and any cut', async () => {
    const content = randomBytes(2 * chunkSize + 1000);
    const whole = await sealed(content);
    const start = whole.length - content.length - 3 * 16;
    const chunk = chunkSize + 16;
    const broken = [
      whole.subarray(0, start + chunk),
      whole.subarray(0, start + 2 * chunk),
      whole.subarray(0, whole.length - 1),
      whole.subarray(0, start + 5),
      whole.subarray(0, start - 3),
      Buffer.concat([whole, Buffer.alloc(1)]),
      Buffer.concat([whole.subarray(0, start), whole.subarray(start + chunk)]),
      Buffer.concat([
        whole.subarray(0, start),
        whole.subarray(start + chunk, start + 2 * chunk),
        whole.subarray(start, start + chunk),
        whole.subarray(start + 2 * chunk),
      ]),
    ];
    for (const bytes of broken) {
      const error = await failureOf(open(bytes).then((source) => bytesOf(source.read())));
      expect(error.message).to.match(/altered or cut|is cut/);
      expect(error).to.not.be.instanceOf(OperationError);
    }
  });

  it('says whom it needs when no identity fits', async () => {
    const error = await failureOf(
      openEncrypted(memorySource(await sealed(Buffer.from('x'))), [identityOf(randomBytes(32))]),
    );
    expect(error).to.be.instanceOf(OperationError);
    expect(error.message).to.equal('memory is encrypted, and no given identity opens it (it has: X25519)');
  });

  /** Vectors of other kinds of recipients and of the armor, which are not read here. */
  const others = /^(armor|scrypt|hybrid)/;

  it('agrees with the published test vectors', async () => {
    let count = 0;
    for (const [name, text] of Object.entries(vectors)) {
      const { fields, body } = parseVector(Buffer.from(text));
      const identities = parseIdentities(fields['identity'] ?? '');
      if (others.test(name) || typeof identities === 'string') continue;
      count += 1;
      const reading = openEncrypted(memorySource(body), identities).then((source) => bytesOf(source.read()));
      const digest = await reading.then(
        (content) => createHash('sha256').update(content).digest('hex'),
        () => undefined,
      );
      expect(digest, name).to.equal(fields['expect'] === 'success' ? fields['payload'] : undefined);
    }
    expect(count).to.be.greaterThan(60);
  });
});

/** A vector: `name: value` lines, an empty line, the file. */
function parseVector(bytes: Buffer): { readonly fields: Record<string, string>; readonly body: Buffer } {
  const end = bytes.indexOf('\n\n');
  const lines = bytes.toString('utf8', 0, end).split('\n');
  const fields = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  const body = bytes.subarray(end + 2);
  return { fields, body: fields['compressed'] === 'zlib' ? inflateSync(body) : body };
}
