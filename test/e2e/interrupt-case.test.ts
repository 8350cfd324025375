import { expect } from 'chai';
import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCase } from '../../src/evidence/case.ts';
import { processIo } from '../../src/output/io.ts';
import { fileHeader } from '../evidence/sandbox.ts';
import { interruptAtRandom, moments, momentsTimeoutMs, type Trial } from './support/moments.ts';
import { kubectlIr } from './support/world.ts';

/** Makes packing last longer than a program takes to start. */
const large = 32 * 1024 * 1024;

describe('what an interrupt leaves of a case', function () {
  this.timeout(momentsTimeoutMs);
  let dir: string;
  let original: string;
  let count = 0;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-interrupt-case-'));
    original = join(dir, 'original');
    const opened = await openCase(processIo(), { dir: original, target: 'shop' });
    const acquisition = await opened.startAcquisition({ kind: 'node', target: 'node-a' });
    await acquisition.begin(fileHeader('[root]/var/log/large'));
    for (let i = 0; i < 32; i += 1) await acquisition.write(randomBytes(large / 32));
    await acquisition.end({ outcome: 'ok', length: large });
    await acquisition.finish({ outcome: 'complete' });
    await opened.close();
  });
  after(() => rm(dir, { recursive: true, force: true }));

  const succeed = async (...words: string[]): Promise<void> => {
    const { code, stderr } = await kubectlIr(words);
    expect(code, stderr).to.equal(0);
  };
  const newDirectory = async (): Promise<string> => {
    const path = join(dir, String((count += 1)));
    await mkdir(path);
    return path;
  };

  it(`archive: a whole archive or none, and a case that can be archived, after ${moments} interrupts`, () =>
    interruptAtRandom('archive', ['case'], async (): Promise<Trial> => {
      const place = await newDirectory();
      const copy = join(place, 'case');
      await cp(original, copy, { recursive: true });
      const check = async (): Promise<void> => {
        const archives = (await readdir(place)).filter((name) => name !== 'case');
        for (const name of archives) {
          expect(name).to.match(/^ir-.*\.tar\.gz$/);
          await succeed('verify', join(place, name));
        }
        expect((await readdir(copy)).filter((name) => name.startsWith('.'))).to.deep.equal([]);
        const again = join(place, 'again.tar.gz');
        await succeed('archive', copy, '-o', again);
        await succeed('verify', again);
        await rm(place, { recursive: true });
      };
      return { words: ['archive', copy], check };
    }));

  it(`verify: nothing is written but in a directory that goes, after ${moments} interrupts`, async () => {
    const archive = join(dir, 'whole.tar.gz');
    await succeed('archive', original, '-o', archive);
    for (const target of [archive, original]) {
      const before = await digests(target);
      await interruptAtRandom(
        `verify ${target === original ? 'of a case' : 'of an archive'}`,
        ['case'],
        async (): Promise<Trial> => {
          const TMPDIR = await newDirectory();
          const check = async (): Promise<void> => {
            expect(await readdir(TMPDIR)).to.deep.equal([]);
            expect(await digests(target)).to.deep.equal(before);
          };
          return { words: ['verify', target], env: { TMPDIR }, check };
        },
      );
    }
  });
});

/** sha256 of a file, or of every file below a directory, by path. */
async function digests(path: string): Promise<Record<string, string>> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  const files = entries
    ?.filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name)) ?? [path];
  const read = files.map(
    async (file) =>
      [
        file,
        createHash('sha256')
          .update(await readFile(file))
          .digest('hex'),
      ] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}
