import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../../src/evidence/case.ts';
import { verifyPath } from '../../../src/evidence/verify.ts';
import { command } from '../../../src/subcommands/case/handover.ts';
import { sampleCase } from '../../evidence/sample.ts';
import { inSandbox, run } from '../../evidence/sandbox.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { runCommand } from './run.ts';

describe('case handover', () => {
  it('is recorded beside the seal with what was handed over, and prints the digest of its line', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const opened = await openCase(memoryIo(), { dir, target: '', details: { examiner: 'J. Doe' } });
      await opened.close();
      await sampleCase(join(dir, 'sealed'));
      const place = join(dir, 'sealed');
      const flags = { to: 'A. Roe', from: 'J. Doe', reason: 'analysis' };
      const { out, err } = await runCommand(command, [place], flags);
      expect(out).to.equal('case/ir-20261122T041500Z-shop handed over by J. Doe to A. Roe\n');
      const digest = /sha256 ([0-9a-f]{64});/.exec(err)?.[1];
      const file = join(place, 'custody-after-seal.jsonl');
      const stock = await run('sh', ['-c', 'tail -n 1 "$1" | tr -d "\\n" | sha256sum', 'sh', file]);
      expect(stock.split(' ')[0]).to.equal(digest);
      const line = JSON.parse(await readFile(file, 'utf8')) as { details: Record<string, string> };
      const sum = await run('sha256sum', [join(place, 'tagmanifest-sha512.txt')]);
      expect(line.details).to.deep.equal({ ...flags, 'tagmanifest-sha512.txt': sum.split(' ')[0] });
      expect((await verifyPath(place)).verdict).to.equal('CONSISTENT');
    }));

  it('is by the examiner when nobody else is named, and warns when nothing is sealed', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir, false);
      const opened = await openCase(memoryIo(), { dir, target: '', details: { examiner: 'J. Doe' } });
      await opened.close();
      const { out, err } = await runCommand(command, [dir], { to: 'A. Roe' });
      expect(out).to.contain('handed over by J. Doe to A. Roe');
      expect(err).to.contain(
        `warning: the case is not sealed; seal it before it leaves your hands: kubectl ir case close ${dir}\n`,
      );
    }));

  it('needs a receiver', async () => {
    expect((await failureOf(runCommand(command, ['x']))).message).to.equal('case handover needs --to NAME');
  });
});
