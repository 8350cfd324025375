import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { BagCheck } from '../../src/evidence/bag-check.ts';
import { belongsToCase, checkCaseBag, statedHead } from '../../src/evidence/case-bag-check.ts';
import { tagFiles } from '../../src/evidence/layout.ts';
import { Problems } from '../../src/evidence/verification.ts';
import { sampleCase } from './sample.ts';
import { inSandbox } from './sandbox.ts';

describe('bag of a case', () => {
  it('has every tag file as seal writes it, else the file is named', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const texts = new Map<string, Buffer>();
      for (const name of tagFiles) texts.set(name, await readFile(join(dir, name)));
      const problemsOf = (name: string, text: string | undefined): readonly string[] => {
        const changed = new Map(texts);
        if (text === undefined) changed.delete(name);
        else changed.set(name, Buffer.from(text));
        const problems = new Problems();
        checkCaseBag(new BagCheck(changed, problems), changed, problems);
        return problems.kept.map(({ where, what }) => `${where} ${what}`);
      };
      const text = texts.get('tagmanifest-sha256.txt')?.toString() ?? '';
      expect(problemsOf('tagmanifest-sha256.txt', text)).to.deep.equal([]);
      expect(problemsOf('tagmanifest-sha256.txt', undefined)).to.deep.equal([
        'tagmanifest-sha256.txt is missing',
      ]);
      const shouted = text.replace(/[0-9a-f]{64}/, (hex) => hex.toUpperCase());
      expect(problemsOf('tagmanifest-sha256.txt', shouted)).to.deep.equal([
        'tagmanifest-sha256.txt is changed: it is not as seal writes it',
      ]);
      expect(problemsOf('tagmanifest-sha256.txt', text.replace(/.*\n/, ''))[0]).to.match(
        /does not list bagit\.txt/,
      );
      expect(statedHead(texts)).to.match(/^[0-9a-f]{64}$/);
      expect(statedHead(new Map())).to.equal(undefined);
    }));

  it('knows what belongs beside it', () => {
    const paths = [
      'data/x',
      'bagit.txt',
      'custody-after-seal.jsonl',
      '.lock',
      'signature/a',
      'note.txt',
      'x/bagit.txt',
    ];
    expect(paths.filter(belongsToCase)).to.deep.equal(paths.slice(0, 5));
  });
});
