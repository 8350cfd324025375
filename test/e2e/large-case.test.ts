import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../src/evidence/case.ts';
import { runProgram } from '../bench/program.ts';
import { amountOf } from '../support/amounts.ts';
import { measured } from '../support/figures.ts';
import { memoryIo } from '../support/memory-io.ts';

const mebibytes = amountOf('largeCaseMebibytes');
const mostBytes = 200_000_000;

describe('a large case', function () {
  this.timeout(300_000 + mebibytes * 300);
  let dir: string;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-large-'));
    await largeCase(join(dir, 'case'));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  it(`of ${mebibytes} MiB is sealed, archived and verified, each within 200 MB of memory`, async () => {
    const [place, archive] = [join(dir, 'case'), join(dir, 'case.tar.zst')];
    const acts: readonly (readonly [what: string, words: readonly string[], code: number])[] = [
      ['seal', ['case', 'close', place], 0],
      ['archive as tar.zst', ['archive', place, '-o', archive], 0],
      ['verify', ['verify', place], 0],
      ['verify of its archive', ['verify', archive], 0],
    ];
    for (const [what, words, wanted] of acts) {
      const { seconds, peakKiB, code, stderr } = await runProgram(['kubectl-ir', ...words], () => undefined);
      expect(code, `${what}: ${stderr}`).to.equal(wanted);
      const rate = `${seconds.toFixed(0)} s, ${(mebibytes / seconds).toFixed(0)} MiB/s`;
      const bytes = peakKiB * 1024;
      await measured(
        `${what} of a case of ${mebibytes} MiB`,
        `${rate}, ${(bytes / 1e6).toFixed(0)} MB`,
        '200 MB promised',
      );
      expect(bytes, what).to.be.greaterThan(0).and.lessThan(mostBytes);
    }
    const { size } = await stat(archive);
    await measured('that archive', `${(size / 2 ** 20).toFixed(0)} MiB`);
  });
});

/** A case with one acquisition of much text. */
async function largeCase(dir: string): Promise<void> {
  const text = createRequire(import.meta.url).resolve('typescript');
  const { size } = await stat(text);
  const opened = await openCase(memoryIo(), { dir, target: 'shop' });
  const acquisition = await opened.startAcquisition({ kind: 'node', target: 'node-a' });
  for (let at = 0; at * size < mebibytes * 2 ** 20; at += 1) {
    const content = createReadStream(text, { highWaterMark: 2 ** 20 });
    await acquisition.addFile(`live_response/text-${at}`, content, { artifact: 'test', source: text });
  }
  await acquisition.finish({ outcome: 'complete' });
  await opened.close();
}
