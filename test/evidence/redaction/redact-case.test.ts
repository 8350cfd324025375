import { appendFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../../src/evidence/case.ts';
import { redactCase } from '../../../src/evidence/redaction/redact-case.ts';
import { sealCase } from '../../../src/evidence/seal.ts';
import { verifyPath } from '../../../src/evidence/verify.ts';
import { UsageError, VerificationError } from '../../../src/output/errors.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { inSandbox, run } from '../sandbox.ts';
import { readFiles } from '../tamper.ts';
import { secretCase, secrets } from './lab.ts';

describe('redactCase', () => {
  it('makes a second case that verifies, holds no secret, and says what it was made from', () =>
    inSandbox(async (dir) => {
      const original = join(dir, 'case');
      await secretCase(original);
      await writeFile(join(original, 'data/report.md'), `Found in the log: password=${secrets[0]}\n`);
      const opened = await openCase(memoryIo(), { dir: original, target: '' });
      await sealCase(opened);
      await opened.close();
      const before = await readFiles(original);
      const made = await redactCase(memoryIo(), original, 'credentials');
      expect(made).to.equal(`${original}.redacted`);
      const after = new Map(await readFiles(original));
      after.delete('custody-after-seal.jsonl');
      expect(after).to.deep.equal(before);
      const { verdict, problems, name } = await verifyPath(made);
      expect([verdict, problems, name]).to.deep.equal([
        'CONSISTENT',
        [],
        'ir-20261122T041500Z-shop-redacted',
      ]);
      for (const secret of secrets)
        expect(await run('sh', ['-c', `grep -rlF -e '${secret}' . || true`], made), secret).to.equal('');
      const record = JSON.parse(await readFile(join(made, 'data/redaction.json'), 'utf8')) as {
        original: { seal: string };
        items: number;
      };
      expect(record.items).to.equal(3);
      expect(record.original.seal).to.equal(
        (await run('sha256sum', ['tagmanifest-sha512.txt'], original)).slice(0, 64),
      );
      expect((await verifyPath(original)).verdict).to.equal('CONSISTENT');
      expect(await readFile(join(original, 'custody-after-seal.jsonl'), 'utf8')).to.contain(
        '"action":"redact"',
      );
    }));

  it('is made once from a seal, and not over that of another seal', () =>
    inSandbox(async (dir) => {
      const original = join(dir, 'case');
      await secretCase(original);
      const made = await redactCase(memoryIo(), original, 'credentials');
      const before = await readFile(join(made, 'tagmanifest-sha512.txt'));
      await redactCase(memoryIo(), original, 'credentials');
      expect(await readFile(join(made, 'tagmanifest-sha512.txt'))).to.deep.equal(before);
      const opened = await openCase(memoryIo(), { dir: original, target: '' });
      await (await opened.startAcquisition({ kind: 'pod', target: 'shop' })).finish({ outcome: 'complete' });
      await sealCase(opened);
      await opened.close();
      expect(await failureOf(redactCase(memoryIo(), original, 'credentials'))).to.be.instanceOf(UsageError);
    }));

  it('leaves nothing when the case is not what was sealed, and goes on after one that was killed', () =>
    inSandbox(async (dir) => {
      const original = join(dir, 'case');
      await secretCase(original);
      await mkdir(`${original}.redacted.tmp/data`, { recursive: true });
      await redactCase(memoryIo(), original, 'credentials');
      expect((await readdir(dir)).sort()).to.deep.equal(['case', 'case.redacted', 'case.redaction-key']);
      const other = join(dir, 'other');
      await secretCase(other);
      const opened = await openCase(memoryIo(), { dir: other, target: '' });
      await sealCase(opened);
      await opened.close();
      const [name = ''] = await readdir(join(other, 'data/acquisitions'));
      await appendFile(join(other, 'data/acquisitions', name, 'items.jsonl'), ' ');
      const error = await failureOf(redactCase(memoryIo(), other, 'credentials'));
      expect(error).to.be.instanceOf(VerificationError);
      expect((await readdir(dir)).filter((each) => each.startsWith('other.redacted'))).to.deep.equal([]);
    }));
});
