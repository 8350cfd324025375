import { rename, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../../src/evidence/case.ts';
import { parseAllowedSigners } from '../../../src/evidence/signature/allowed-signers.ts';
import type { MadeSignature } from '../../../src/evidence/signature/sign.ts';
import { signCase } from '../../../src/evidence/signature/sign.ts';
import { openSigner } from '../../../src/evidence/signature/signer.ts';
import type { Verification } from '../../../src/evidence/verification.ts';
import { verifyPath } from '../../../src/evidence/verify.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { sampleCase } from '../sample.ts';
import { inSandbox, run } from '../sandbox.ts';
import { makeKey, signersFile } from './keys.ts';

/** A case signed with a new key, in `dir`/case. */
async function signed(dir: string): Promise<MadeSignature & { place: string; key: string }> {
  const place = join(dir, 'case');
  await sampleCase(place);
  const key = await makeKey(dir, 'key');
  const opened = await openCase(memoryIo(), { dir: place, target: '', create: false });
  const signer = await openSigner(memoryIo(), key, () => Promise.resolve(undefined));
  const made = await signCase(opened, signer);
  await opened.close();
  return { ...made, place, key };
}

async function judged(place: string, signers: string): Promise<Verification> {
  const list = parseAllowedSigners(await readFile(signers, 'utf8'), signers);
  return verifyPath(place, { judging: { signers: list, now: memoryIo().now() } });
}

describe('signature check', () => {
  it('says whose key it is when signers are given, and only then AUTHENTIC', () =>
    inSandbox(async (dir) => {
      const { place, key, fingerprint } = await signed(dir);
      const alone = await verifyPath(place);
      expect(alone.verdict).to.equal('CONSISTENT');
      expect(alone.signatures[0]?.detail).to.equal(
        `by ed25519 ${fingerprint}; whose key that is, --signers FILE would tell`,
      );
      const known = await judged(place, await signersFile(dir, { 'jane@example.org': key }));
      expect(known.verdict).to.equal('AUTHENTIC');
      expect(known.checks.at(-1)).to.deep.equal({
        check: 'signature',
        result: 'ok',
        detail: `by jane@example.org, ed25519 ${fingerprint}`,
      });
    }));

  for (const [what, options, standing, remark] of [
    [
      'expired',
      'valid-before="20260101Z"',
      'expired',
      ', whose key expired at 2026-01-01T00:00:00Z; it is 2026-11-22T04:15:00Z here',
    ],
    [
      'not yet valid',
      'valid-after="20271122Z"',
      'early',
      ', whose key is not valid before 2027-11-22T00:00:00Z; it is 2026-11-22T04:15:00Z here',
    ],
    [
      'for another purpose',
      'namespaces="git"',
      'namespace',
      ', whose key may not sign for the purpose "kubectl-ir"',
    ],
  ] as const)
    it(`does not call it authentic by a key that is ${what}`, () =>
      inSandbox(async (dir) => {
        const { place, key, fingerprint } = await signed(dir);
        const { verdict, signatures } = await judged(place, await signersFile(dir, { jane: key }, options));
        expect([verdict, signatures[0]?.standing]).to.deep.equal(['CONSISTENT', standing]);
        expect(signatures[0]?.detail).to.equal(`by jane, ed25519 ${fingerprint}${remark}`);
      }));

  it('names a key that no signer has', () =>
    inSandbox(async (dir) => {
      const { place, fingerprint } = await signed(dir);
      const other = await makeKey(dir, 'other');
      const { verdict, signatures } = await judged(place, await signersFile(dir, { jane: other }));
      expect(verdict).to.equal('CONSISTENT');
      expect(signatures[0]?.detail).to.equal(`by ed25519 ${fingerprint}, a key that no signer has`);
    }));

  it('is found broken when statement or signature is not of this seal', () =>
    inSandbox(async (dir) => {
      const { place, file, key } = await signed(dir);
      const statement = join(place, 'signature/statement.txt');
      const text = await readFile(statement, 'utf8');
      const armoured = await readFile(join(place, file), 'utf8');
      await writeFile(join(dir, 'text'), text);
      await run('ssh-keygen', ['-Y', 'sign', '-q', '-n', 'file', '-f', key, join(dir, 'text')]);
      const otherPurpose = await readFile(join(dir, 'text.sig'), 'utf8');
      const attempts: [Record<string, string>, string][] = [
        [
          { [statement]: text.replace('# custody', '# custodY') },
          'signature/statement.txt is not the statement of this seal',
        ],
        [{ [join(place, file)]: 'x' }, `${file} is no SSH signature`],
        [
          { [join(place, file)]: otherPurpose },
          `${file} is a signature for the purpose "file", not "kubectl-ir"`,
        ],
        [{ [join(place, 'signature/note.txt')]: 'x' }, 'signature/note.txt is extra: it is no signature'],
      ];
      for (const [files, problem] of attempts) {
        for (const [path, content] of Object.entries(files)) await writeFile(path, content);
        const { verdict, problems } = await verifyPath(place);
        expect(verdict).to.equal('BROKEN');
        expect(problems.map(({ where, what }) => `${where} ${what}`)).to.include(problem);
        await writeFile(statement, text);
        await writeFile(join(place, file), armoured);
        await run('rm', ['-f', join(place, 'signature/note.txt')]);
      }
      await rename(statement, join(dir, 'statement.txt'));
      const { problems } = await verifyPath(place);
      expect(problems[0]).to.deep.equal({ where: 'signature/statement.txt', what: 'is missing' });
    }));

  it('holds for an archive and for a directory under another name', () =>
    inSandbox(async (dir) => {
      const { place, key } = await signed(dir);
      const signers = await signersFile(dir, { jane: key });
      await rename(place, join(dir, 'moved'));
      expect((await judged(join(dir, 'moved'), signers)).verdict).to.equal('AUTHENTIC');
      await run('tar', ['-czf', join(dir, 'moved.tar.gz'), '-C', dir, 'moved']);
      const archived = await judged(join(dir, 'moved.tar.gz'), signers);
      expect([archived.verdict, archived.problems]).to.deep.equal(['AUTHENTIC', []]);
    }));
});
