import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../src/evidence/case.ts';
import { keepFindings } from '../../src/evidence/findings-file.ts';
import { sealCase } from '../../src/evidence/seal.ts';
import { verifyPath } from '../../src/evidence/verify.ts';
import { memoryIo } from '../support/memory-io.ts';
import { inSandbox } from './sandbox.ts';

describe('findings that are kept', () => {
  it('are a line each, in place of earlier ones, with their digest in custody', () =>
    inSandbox(async (dir) => {
      const io = memoryIo();
      const opened = await openCase(io, { dir, target: 'web' });
      await keepFindings(opened, [{ rule: 'old' }, { rule: 'older' }], { findings: 2 });
      await keepFindings(opened, [{ rule: 'a', seen: 'x\ny' }], { findings: 1, notJudged: 3 });
      const file = join(dir, 'data/findings.jsonl');
      const text = await readFile(file, 'utf8');
      expect(text).to.equal('{"rule":"a","seen":"x\\ny"}\n');
      expect((await stat(file)).mode & 0o777).to.equal(0o600);
      const lines = (await readFile(join(dir, 'data/custody.jsonl'), 'utf8'))
        .trim()
        .split('\n')
        .map(
          (line) => JSON.parse(line) as { action: string; object: string; result: string; details: object },
        );
      const sha256 = createHash('sha256').update(text).digest('hex');
      expect(lines.slice(-2)).to.containSubset([
        { action: 'judge', object: 'data/findings.jsonl', result: 'started' },
        { action: 'judge', result: 'done', details: { findings: 1, notJudged: 3, sha256 } },
      ]);
      await sealCase(opened);
      await opened.close();
      expect((await verifyPath(dir)).verdict).to.equal('CONSISTENT');
      await writeFile(file, text.replace('a', 'b'));
      expect((await verifyPath(dir)).verdict).to.equal('BROKEN');
    }));

  it('leave nothing behind when writing was cut off', () =>
    inSandbox(async (dir) => {
      await (await openCase(memoryIo(), { dir, target: 'web' })).close();
      await writeFile(join(dir, 'data/findings.jsonl.tmp'), 'half');
      const opened = await openCase(memoryIo(), { dir, target: 'web' });
      await sealCase(opened);
      await opened.close();
      expect((await verifyPath(dir)).verdict).to.equal('CONSISTENT');
      expect(await stat(join(dir, 'data/findings.jsonl.tmp')).catch(() => undefined)).to.equal(undefined);
    }));
});
