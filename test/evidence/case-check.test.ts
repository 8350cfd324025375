import { createReadStream } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { CaseCheck } from '../../src/evidence/case-check.ts';
import { openCase } from '../../src/evidence/case.ts';
import { sealCase } from '../../src/evidence/seal.ts';
import { verifyPath } from '../../src/evidence/verify.ts';
import { memoryIo } from '../support/memory-io.ts';
import { walkFiles } from '../../src/evidence/payload.ts';
import { Problems } from '../../src/evidence/verification.ts';
import { sampleCase } from './sample.ts';
import { inSandbox } from './sandbox.ts';

/** Shows the files of a case to a check, as often as it wants; `reverse` puts tars before their indexes. */
async function check(
  dir: string,
  archived: boolean,
  reverse = false,
): Promise<{ problems: Problems; rounds: number }> {
  const problems = new Problems();
  const caseCheck = new CaseCheck(problems, archived ? undefined : dir);
  const paths: string[] = [];
  for await (const { path } of walkFiles(dir)) paths.push(path);
  if (reverse) paths.reverse();
  let rounds = 0;
  do {
    for (const path of paths) await caseCheck.look(path, createReadStream(join(dir, path)));
    rounds += 1;
  } while (caseCheck.again && rounds < 3);
  caseCheck.finish();
  return { problems, rounds };
}

async function editRecord(dir: string, edit: (text: string) => string): Promise<string> {
  const [name = ''] = await readdir(join(dir, 'data/acquisitions'));
  const path = join(dir, 'data/acquisitions', name, 'acquisition.json');
  await writeFile(path, edit(await readFile(path, 'utf8')));
  return `data/acquisitions/${name}`;
}

describe('case check', () => {
  it('is content with a whole case, on disk and from an archive in any order', () =>
    inSandbox(async (dir) => {
      await sampleCase(join(dir, 'case'), false);
      for (const [archived, reverse, wanted] of [
        [false, false, 1],
        [false, true, 1],
        [true, false, 2],
        [true, true, 2],
      ] as const) {
        const { problems, rounds } = await check(join(dir, 'case'), archived, reverse);
        expect([problems.kept, rounds]).to.deep.equal([[], wanted]);
      }
    }));

  it('keeps the indexes of an archive apart in whatever order its files come', () =>
    inSandbox(async (dir) => {
      await sampleCase(join(dir, 'case'), false);
      const problems = new Problems();
      const caseCheck = new CaseCheck(problems, undefined);
      const paths: string[] = [];
      for await (const { path } of walkFiles(join(dir, 'case'))) paths.push(path);
      const last = (path: string): number => ['acquisition.json', 'items.jsonl'].indexOf(basename(path)) + 1;
      const order = (path: string): number => (path.endsWith('.tar') ? 3 : last(path));
      for (const path of paths.sort((a, b) => order(a) - order(b)))
        await caseCheck.look(path, createReadStream(join(dir, 'case', path)));
      caseCheck.finish();
      expect(problems.kept).to.deep.equal([]);
    }));

  for (const [what, edit, expected] of [
    ['is edited', (text: string) => text.replace('"diff"', '"pod"'), 'is not what custody says was acquired'],
    [
      'says running',
      (text: string) => text.replace('"complete"', '"running"'),
      'was not finished: it runs still, or was killed',
    ],
    ['is no record', () => '{}', 'is missing or no record of an acquisition'],
  ] as const)
    it(`names a record that ${what}`, () =>
      inSandbox(async (dir) => {
        await sampleCase(dir, false);
        const object = await editRecord(dir, edit);
        const { problems } = await check(dir, false);
        expect(problems.kept).to.deep.equal([{ where: `${object}/acquisition.json`, what: expected }]);
      }));

  it('tells where the clock of a responder was a year off, which is no damage', () =>
    inSandbox(async (dir) => {
      const times = ['2026-11-22T04:15:00Z', '2025-11-22T04:16:00Z', '2026-11-22T04:17:00Z'];
      for (const time of times) {
        const io = memoryIo({ now: () => new Date(time) });
        const opened = await openCase(io, { dir, target: 'x' });
        await opened.custody.append({ action: 'remark', object: 'x', result: 'done' });
        if (time === times.at(-1)) await sealCase(opened);
        await opened.close();
      }
      const { verdict, checks } = await verifyPath(dir);
      expect(verdict).to.equal('CONSISTENT');
      expect(checks[1]?.detail).to.match(/; line 3 is 364d23h earlier than the line before it$/);
    }));

  it('checks the acts after the seal against the end of custody', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir, false);
      const problems = new Problems();
      const caseCheck = new CaseCheck(problems, dir);
      await caseCheck.look('data/custody.jsonl', createReadStream(join(dir, 'data/custody.jsonl')));
      await caseCheck.checkAfterSeal(await readFile(join(dir, 'data/custody.jsonl')));
      expect(problems.kept).to.deep.equal([
        { where: 'custody-after-seal.jsonl', what: 'line 1 has number 1, not 6' },
      ]);
    }));
});
