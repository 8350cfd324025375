import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { BagCheck } from '../../src/evidence/bag-check.ts';
import { Problems } from '../../src/evidence/verification.ts';
import { verifyPath } from '../../src/evidence/verify.ts';
import { inSandbox } from './sandbox.ts';

describe('bag check', () => {
  it('asks for the digests that the manifests have, of payload and tag files each', () => {
    const texts = new Map(
      Object.entries({
        'bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
        'manifest-md5.txt': '',
        'manifest-sha512.txt': '',
        'tagmanifest-sha1.txt': '',
      }).map(([name, text]) => [name, Buffer.from(text)]),
    );
    const problems = new Problems();
    const bag = new BagCheck(texts, problems);
    expect([bag.algorithms('data/x'), bag.algorithms('bagit.txt')]).to.deep.equal([
      ['md5', 'sha512'],
      ['sha1'],
    ]);
    expect(problems.count).to.equal(0);
  });

  it('passes bags made by others: other digests, versions, encodings and spellings', () =>
    inSandbox(async (dir) => {
      const make = async (name: string, files: Record<string, string | Buffer>): Promise<string> => {
        const place = join(dir, name);
        await mkdir(join(place, 'data'), { recursive: true });
        for (const [file, content] of Object.entries(files)) await writeFile(join(place, file), content);
        return place;
      };
      const declaration = (version: string, encoding: string): string =>
        `BagIt-Version: ${version}\nTag-File-Character-Encoding: ${encoding}\n`;
      const md5 = '5d41402abc4b2a76b9719d911017c592';
      const sha1 = 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d';
      const utf16 = (text: string): Buffer =>
        Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
      const good = [
        await make('md5', {
          'bagit.txt': declaration('0.97', 'UTF-8'),
          'data/a': 'hello',
          'manifest-md5.txt': `${md5.toUpperCase()} *data/a\r\n`,
        }),
        await make('sha1', {
          'bagit.txt': declaration('1.0', 'ISO-8859-1'),
          'data/\u00e4': 'hello',
          'manifest-sha1.txt': Buffer.from(`${sha1}\tdata/\u00e4\n`, 'latin1'),
        }),
        await make('utf16', {
          'bagit.txt': declaration('0.97', 'UTF-16'),
          'data/a': 'hello',
          'manifest-md5.txt': utf16(`${md5}  data/a\n`),
          'bag-info.txt': utf16('Payload-Oxum: 5.1\n'),
        }),
        await make('encoded', {
          'bagit.txt': declaration('1.0', 'UTF-8'),
          'data/a\nb%': 'hello',
          'manifest-md5.txt': `${md5}  data/a%0Ab%25\n`,
        }),
        await make('normal', {
          'bagit.txt': declaration('1.0', 'UTF-8'),
          'data/a\u0308': 'hello',
          'manifest-md5.txt': `${md5}  data/\u00e4\n`,
        }),
      ];
      for (const place of good) {
        const { verdict, problems, type } = await verifyPath(place);
        expect([problems, verdict, type]).to.deep.equal([[], 'CONSISTENT', 'bag']);
      }
      const bad: [Record<string, string>, string][] = [
        [
          { 'bagit.txt': 'BagIt-Version : 1.0\nTag-File-Character-Encoding: UTF-8\n' },
          'bagit.txt is not the two lines that declare a bag',
        ],
        [
          { 'bagit.txt': declaration('2.0', 'UTF-8') },
          'bagit.txt declares BagIt 2.0, which is not known here',
        ],
        [
          { 'bagit.txt': declaration('1.0', 'Klingon') },
          'bagit.txt declares the encoding Klingon, which is not known here',
        ],
        [
          { 'manifest-md5.txt': `${md5}  data/../../etc/passwd\n` },
          'manifest-md5.txt line 1 names a path outside: data/../../etc/passwd',
        ],
        [
          { 'manifest-md5.txt': `${md5}  data/a\n${md5}  data/a\n` },
          'manifest-md5.txt line 2 names a path again: data/a',
        ],
        [{ 'manifest-crc.txt': 'x' }, 'manifest-crc.txt uses a digest that is not known here'],
        [{ 'bag-info.txt': 'Payload-Oxum: 6.1\n' }, 'bag-info.txt says 6 bytes in 1 file, there are 5 in 1'],
        [
          { 'manifest-md5.txt': `${md5}  data/a\n${md5}  data/b\n`, 'fetch.txt': 'http://x/b 5 data/b\n' },
          'data/b is missing: fetch.txt says where it is, and nothing is fetched here',
        ],
        [{ 'manifest-sha1.txt': '' }, 'data/a is missing from manifest-sha1.txt'],
      ];
      for (const [at, [files, message]] of bad.entries()) {
        const base = {
          'bagit.txt': declaration('1.0', 'UTF-8'),
          'data/a': 'hello',
          'manifest-md5.txt': `${md5}  data/a\n`,
        };
        const { verdict, problems } = await verifyPath(await make(`bad${at}`, { ...base, ...files }));
        expect(verdict).to.equal('BROKEN');
        expect(problems.map(({ where, what }) => `${where} ${what}`)).to.include(message);
      }
    }));

  it('says how many files it says nothing of', () =>
    inSandbox(async (dir) => {
      const bagit = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';
      const files = {
        'bagit.txt': bagit,
        'manifest-md5.txt': '',
        'tagmanifest-md5.txt': `${createHash('md5').update(bagit).digest('hex')}  bagit.txt\n`,
        'case/data/case.json': '{}',
      };
      await mkdir(join(dir, 'data'));
      await mkdir(join(dir, 'case/data'), { recursive: true });
      for (const [file, content] of Object.entries(files)) await writeFile(join(dir, file), content);
      const { verdict, checks } = await verifyPath(dir);
      expect([verdict, checks[0]?.detail]).to.deep.equal([
        'CONSISTENT',
        'BagIt 1.0, 0 files, 0, md5; 2 beside them stand in no tag manifest',
      ]);
    }));
});
