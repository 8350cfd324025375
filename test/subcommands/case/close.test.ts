import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../../src/evidence/case.ts';
import { verifyPath } from '../../../src/evidence/verify.ts';
import { command } from '../../../src/subcommands/case/close.ts';
import { sampleCase } from '../../evidence/sample.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { runCommand } from './run.ts';

describe('case close', () => {
  it('seals, once, and keeps evidence out but not acts', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir, false);
      expect((await runCommand(command, [dir])).out).to.equal('case/ir-20261122T041500Z-shop closed\n');
      const before = await readFile(join(dir, 'custody-after-seal.jsonl'), 'utf8');
      const afterwards = async (): Promise<string | undefined> =>
        (await verifyPath(dir)).checks.find(({ check }) => check === 'afterwards')?.detail;
      expect(await afterwards()).to.match(/^1 act after the seal, last close at /);
      await runCommand(command, [dir]);
      expect(await readFile(join(dir, 'custody-after-seal.jsonl'), 'utf8')).to.equal(before);
      const opened = await openCase(memoryIo(), { dir, target: '', create: false });
      const refused = await failureOf(opened.startAcquisition({ kind: 'pod', target: 'x' }));
      expect(refused.message).to.contain('takes no more evidence');
      await opened.custody.append({ action: 'release', object: 'pod/x', result: 'done' });
      await opened.close();
      expect((await verifyPath(dir)).verdict).to.equal('CONSISTENT');
      expect(await afterwards()).to.equal(
        '2 acts after the seal, last release at 2026-11-22T04:15:00.000Z; no signature covers them',
      );
    }));

  it('is refused while evidence is being collected', () =>
    inSandbox(async (dir) => {
      const opened = await openCase(memoryIo(), { dir, target: 'x' });
      expect((await failureOf(runCommand(command, [dir]))).message).to.match(/^case .* is held by /);
      await opened.close();
    }));
});
