import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../../src/evidence/case.ts';
import { signCase } from '../../../src/evidence/signature/sign.ts';
import { openSigner } from '../../../src/evidence/signature/signer.ts';
import { verifyPath } from '../../../src/evidence/verify.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { sampleCase } from '../sample.ts';
import { inSandbox, run } from '../sandbox.ts';
import { makeKey, signersFile, sshKeygenAccepts } from './keys.ts';
import { packCase } from '../../../src/evidence/archive.ts';
import { parseAllowedSigners } from '../../../src/evidence/signature/allowed-signers.ts';

const nobody = (): Promise<undefined> => Promise.resolve(undefined);

/** What lies in the case's signature/, relative to the case. */
async function signatureFiles(dir: string): Promise<string[]> {
  const names = await readdir(join(dir, 'signature')).catch(() => []);
  return names.sort().map((name) => `signature/${name}`);
}

async function sign(dir: string, key: string): Promise<Awaited<ReturnType<typeof signCase>>> {
  const opened = await openCase(memoryIo(), { dir, target: '', create: false });
  try {
    return await signCase(opened, await openSigner(memoryIo(), key, nobody));
  } finally {
    await opened.close();
  }
}

describe('signing a case', () => {
  it('seals it, and examiner and witness sign the same statement, which stock programs check', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await sampleCase(place, false);
      const [examiner, witness] = [
        await makeKey(dir, 'examiner'),
        await makeKey(dir, 'witness', ['-t', 'rsa', '-b', '2048']),
      ];
      await sign(place, examiner);
      await sign(place, witness);
      const files = await signatureFiles(place);
      expect(files).to.have.length(3);
      const signers = await signersFile(dir, { jane: examiner, john: witness });
      const statement = await readFile(join(place, 'signature/statement.txt'), 'utf8');
      const bySigner = { jane: 'ed25519', john: 'rsa' };
      for (const [principal, kind] of Object.entries(bySigner)) {
        const file = files.find((name) => name.startsWith(`signature/${kind}-`)) ?? '';
        expect(await sshKeygenAccepts(signers, principal, join(place, file), statement)).to.equal(true);
      }
      for (const list of ['signature/statement.txt', 'tagmanifest-sha256.txt', 'manifest-sha256.txt'])
        await run('sha256sum', ['--strict', '--quiet', '-c', list], place);
      const judging = {
        signers: parseAllowedSigners(await readFile(signers, 'utf8'), ''),
        now: memoryIo().now(),
      };
      const { verdict, problems, signatures } = await verifyPath(place, { judging });
      expect([verdict, problems]).to.deep.equal(['AUTHENTIC', []]);
      expect(signatures.map(({ signer }) => signer)).to.deep.equal(['jane', 'john']);
    }));

  it('does nothing when the key has signed before, and makes the same statement every time', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await sampleCase(place);
      const key = await makeKey(dir, 'key', ['-t', 'ecdsa']);
      expect((await sign(place, key)).before).to.equal(false);
      const files = await signatureFiles(place);
      const before = await Promise.all(files.map((file) => readFile(join(place, file))));
      expect((await sign(place, key)).before).to.equal(true);
      expect(await Promise.all(files.map((file) => readFile(join(place, file))))).to.deep.equal(before);
    }));

  it('does not take what lies where its signature would for one', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await sampleCase(place);
      const key = await makeKey(dir, 'key');
      const { file } = await sign(place, key);
      for (const text of ['x', (await readFile(join(place, file), 'utf8')).replace(/[A-D]/, 'E')]) {
        await writeFile(join(place, file), text);
        expect((await failureOf(sign(place, key))).message).to.contain('is no signature of its seal');
        expect(await readFile(join(place, file), 'utf8')).to.equal(text);
      }
    }));

  it('takes the signatures away with the seal when more evidence re-opens the case', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await sampleCase(place);
      const key = await makeKey(dir, 'key');
      await sign(place, key);
      const opened = await openCase(memoryIo(), { dir: place, target: '' });
      await (await opened.startAcquisition({ kind: 'pod', target: 'shop' })).finish({ outcome: 'complete' });
      await opened.close();
      expect(await readdir(place)).to.deep.equal(['data']);
      await sign(place, key);
      expect((await verifyPath(place)).verdict).to.equal('CONSISTENT');
    }));

  it('refuses to write into a signed case whose seal somebody took a part of', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await sampleCase(place);
      await sign(place, await makeKey(dir, 'key'));
      await run('rm', [join(place, 'tagmanifest-sha512.txt')]);
      const before = await readdir(place);
      const failure = await failureOf(openCase(memoryIo(), { dir: place, target: '' }));
      expect(failure.message).to.contain('was signed, and tagmanifest-sha512.txt of its seal is missing');
      expect(await readdir(place)).to.deep.equal(before);
    }));

  it('writes no signature that is none', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await sampleCase(place);
      const signer = await openSigner(memoryIo(), await makeKey(dir, 'key'), nobody);
      const opened = await openCase(memoryIo(), { dir: place, target: '', create: false });
      const wrong = { ...signer, sign: () => signer.sign(Buffer.from('something else')) };
      expect((await failureOf(signCase(opened, wrong))).message).to.match(
        /^the key SHA256:\S+ gave no signature/,
      );
      await opened.close();
      expect(await signatureFiles(place)).to.deep.equal([]);
    }));

  it('leaves what was begun when it was killed so that it can be done again', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await sampleCase(place);
      const key = await makeKey(dir, 'key');
      await run('mkdir', [join(place, 'signature')]);
      await writeFile(join(place, 'signature/statement.txt.tmp'), 'half');
      await sign(place, key);
      expect((await verifyPath(place)).problems).to.deep.equal([]);
    }));

  it('leaves nothing half-written for what comes after it', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await sampleCase(place);
      await sign(place, await makeKey(dir, 'key'));
      const halves = ['signature/ed25519-0123456789abcdef.sig', 'signature/statement.txt', 'bag-info.txt'];
      for (const file of halves) await writeFile(join(place, `${file}.tmp`), 'half');
      const { path } = await packCase(memoryIo(), place, { format: 'tar' });
      for (const made of [place, path]) expect((await verifyPath(made)).problems).to.deep.equal([]);
    }));
});
