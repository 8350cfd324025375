import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { labels } from '../../src/collector/names.ts';
import { processIo } from '../../src/output/io.ts';
import { attempt, type Outcome, run } from '../cluster/run.ts';
import { randomCase } from '../evidence/sample.ts';
import { type RealStorage, startStorage, storageEnvironment } from '../storage/real-storage.ts';
import { amountOf } from '../support/amounts.ts';
import { evidencePrograms } from '../support/evidence-programs.ts';
import { measured } from '../support/figures.ts';
import { image, imageOf, program } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { killAtRandom, type Killing } from './support/killed.ts';
import { kubectl, nodeNames } from './support/world.ts';
import { installPackages } from '../support/packages.ts';

const kills = amountOf('caseKills');
const mebibytes = 24;
const smallFiles = 200;
const key = 's3://cases/case.tar';
const io = processIo();
const nodes = await nodeNames();

describe('what SIGKILL leaves of a case', function () {
  this.timeout(300_000 + kills * 30_000);
  let dir: string;
  let count = 0;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-kill-'));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  const newPlace = async (): Promise<string> => {
    const place = join(dir, String((count += 1)));
    await mkdir(place);
    return place;
  };
  const kubectlIr = (words: readonly string[], env: Killing['env'] = io.env): Promise<Outcome> =>
    attempt('kubectl-ir', words, { env });
  const verdictOf = async (
    words: readonly string[],
    verdict: string,
    moment: string,
    env?: Killing['env'],
  ): Promise<void> => {
    const { stdout, stderr } = await kubectlIr(['verify', ...words], env);
    expect(stdout.split(' ')[0], `${moment}: ${stdout}${stderr}`).to.equal(verdict);
  };

  describe('that is being collected', function () {
    requires(this, image('collector'));

    // They would end by themselves, but not before other tests look for what is left.
    after(() => kubectl(['delete', 'pods', '-A', '-l', `${labels.role}=collector`, '--wait=true']));

    it(`a case that can be gone on with and sealed, after ${kills} kills`, async () => {
      const flags = ['--collector-image', imageOf('collector')];
      await killAtRandom(kills, async () => {
        const place = await newPlace();
        const target = join(place, 'case');
        const node = nodes[count % nodes.length] ?? '';
        const words = ['snapshot', 'node', node, ...flags, '--case', target];
        const check = async (moment: string): Promise<void> => {
          if (!(await isCase(target))) return;
          if (count % 5 === 0) {
            const more = await kubectlIr(words);
            expect(more.code, `${moment}: ${more.stderr}`).to.equal(0);
          }
          const again = await kubectlIr(['case', 'close', target]);
          expect(again.code, `${moment}: ${again.stderr}`).to.equal(0);
          await verdictOf([target], 'CONSISTENT', moment);
          await rm(place, { recursive: true });
        };
        return { words, env: io.env, check };
      });
      await measured('acquire: SIGKILLs at random moments', `${kills} of ${kills} sealed and verified`);
    });
  });

  describe('that lies there', function () {
    requires(this, program('go'));
    let original: string;
    let storage: RealStorage;
    let recipient: string;

    before(async () => {
      await installPackages(evidencePrograms, io, () => Promise.resolve());
      storage = await startStorage(dir);
      original = join(dir, 'original');
      await randomCase(original, mebibytes);
      for (let at = 0; at < smallFiles; at += 1)
        await writeFile(join(original, `data/note-${at}`), `${at}\n`);
      await run('age-keygen', ['-o', join(dir, 'key')]);
      recipient = /age1[a-z0-9]+/.exec(await readFile(join(dir, 'key'), 'utf8'))?.[0] ?? '';
    });
    after(() => storage.stop());

    it(`seal: no part of a seal is taken for one, and the next one is whole, after ${kills} kills`, async () => {
      await killAtRandom(kills, async () => {
        const place = await newPlace();
        const copy = join(place, 'case');
        await cp(original, copy, { recursive: true });
        const words = ['case', 'close', copy];
        const check = async (moment: string): Promise<void> => {
          const sealed =
            (await stat(join(copy, 'tagmanifest-sha512.txt')).catch(() => undefined)) !== undefined;
          if (sealed) await verdictOf([copy], 'CONSISTENT', moment);
          const again = await kubectlIr(words);
          expect(again.code, `${moment}: ${again.stderr}`).to.equal(0);
          await verdictOf([copy], 'CONSISTENT', moment);
          await rm(place, { recursive: true });
        };
        return { words, env: io.env, check };
      });
      await measured('seal: SIGKILLs at random moments', `${kills} of ${kills} gone on with`);
    });

    const flagsOf = (): Record<string, string[]> => ({
      'a file': [],
      storage: [],
      'storage, encrypted': ['--encrypt-to', recipient],
    });
    for (const way of ['a file', 'storage', 'storage, encrypted'])
      it(`archive to ${way}: nothing incomplete under its name, and the same command goes on, after ${kills} kills`, async () => {
        const env = storageEnvironment(storage.port, dir);
        await killAtRandom(kills, async () => {
          const place = await newPlace();
          const copy = join(place, 'case');
          await cp(original, copy, { recursive: true });
          await rm(join(storage.dir, 'cases'), { recursive: true });
          await mkdir(join(storage.dir, 'cases'));
          const target = way === 'a file' ? join(place, 'case.tar') : key;
          const stored = way === 'a file' ? target : join(storage.dir, 'cases/case.tar');
          const words = ['archive', copy, '--to', target, ...(flagsOf()[way] ?? [])];
          const whole = [target, '--identity', join(dir, 'key')];
          const check = async (moment: string): Promise<void> => {
            const isThere = (await stat(stored).catch(() => undefined)) !== undefined;
            if (isThere) await verdictOf(whole, 'CONSISTENT', moment, env);
            const again = await kubectlIr(words, env);
            // What was finished, and is remembered as finished, is not made again.
            const allowed = isThere ? [0, 2] : [0];
            expect(again.code, `${moment}: ${again.stderr}`).to.be.oneOf(allowed);
            if (!isThere) await verdictOf(whole, 'CONSISTENT', moment, env);
            await verdictOf([copy], 'CONSISTENT', moment);
            const others = (await readdir(place)).filter((name) => !/^case(?:\.tar)?$/.test(name));
            expect(others, moment).to.deep.equal([]);
            await rm(place, { recursive: true });
          };
          return { words, env, check };
        });
        await measured(`archive to ${way}: SIGKILLs at random moments`, `${kills} of ${kills} gone on with`);
      });
  });
});

/** False for a directory that was killed before it was a case: then there is nothing to go on with. */
async function isCase(dir: string): Promise<boolean> {
  return (await stat(join(dir, 'data/case.json')).catch(() => undefined)) !== undefined;
}
