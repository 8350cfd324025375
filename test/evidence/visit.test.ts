import { symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { BagCheck } from '../../src/evidence/bag-check.ts';
import { CaseCheck } from '../../src/evidence/case-check.ts';
import { openTree } from '../../src/evidence/open-tree.ts';
import { surveyTree } from '../../src/evidence/survey.ts';
import { Problems } from '../../src/evidence/verification.ts';
import { visitFiles } from '../../src/evidence/visit.ts';
import { failureOf } from '../support/failure.ts';
import { sampleCase } from './sample.ts';
import { inSandbox, run } from './sandbox.ts';

async function visit(path: string, signal?: AbortSignal): Promise<string[]> {
  const problems = new Problems();
  const tree = await openTree(path);
  const survey = await surveyTree(tree);
  if (survey === undefined) throw new Error('there is no case');
  const bag = new BagCheck(survey.texts, problems);
  const caseCheck = new CaseCheck(problems, tree.type === 'directory' ? path : undefined);
  await visitFiles(tree, survey, { bag, caseCheck, problems, signal });
  bag.finish();
  return problems.kept.map(({ where, what }) => `${where} ${what}`);
}

describe('visit', () => {
  it('finds the same in a directory as in an archive of it', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await sampleCase(place);
      await writeFile(join(place, 'data/case.json'), 'x');
      await writeFile(join(place, 'data/extra'), 'x');
      await writeFile(join(place, 'note.txt'), 'x');
      await symlink('/etc/passwd', join(place, 'data/link'));
      const archive = join(dir, 'case.tar');
      await run('tar', ['-cf', archive, '--sort=name', '-C', dirname(place), basename(place)]);
      const plain = (line: string): string =>
        line.replace(/\d+ bytes/, 'N bytes').replace(/are \d+/, 'are N');
      const found = (await visit(place)).map(plain);
      expect(found.sort()).to.deep.equal([
        'bag-info.txt says N bytes in 8 files, there are N in 9',
        'data/case.json is changed: it is not what manifest-sha256.txt says',
        'data/extra is extra: it stands in no manifest',
        'data/link is no plain file',
        'note.txt is extra: it belongs to no case',
      ]);
      expect(
        (await visit(archive)).map((line) => plain(line).replace('a symbolic link', 'no plain file')).sort(),
      ).to.deep.equal(found);
    }));

  it('is left when the user interrupts', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      expect((await failureOf(visit(dir, AbortSignal.abort(new Error('stopped'))))).message).to.equal(
        'stopped',
      );
    }));
});
