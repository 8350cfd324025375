import { expect } from 'chai';
import { accessTo } from '../../src/artifacts/random-access.ts';
import { SqliteImage } from '../../src/artifacts/sqlite-image.ts';
import { sqliteFile } from './sqlite-lab.ts';

const { file } = sqliteFile((made) => made.exec('PRAGMA page_size=512; CREATE TABLE t (a)'));
const none = accessTo(Buffer.alloc(0));

describe('SqliteImage', () => {
  it('gives pages by their number and none outside', () => {
    const image = SqliteImage.open(accessTo(file), none);
    expect(image?.page(1)?.equals(file.subarray(0, 512))).to.equal(true);
    expect(image?.page(2)?.equals(file.subarray(512, 1024))).to.equal(true);
    expect([image?.page(0), image?.page(99), image?.page(2 ** 32)]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('takes no payload that is longer than the file, and follows no circle of overflow pages', () => {
    const circle = Buffer.from(file);
    circle.writeUInt32BE(2, 512);
    const image = SqliteImage.open(accessTo(circle), none);
    const page = image?.page(2) ?? Buffer.alloc(0);
    expect(image?.payload(page, 8, 2 ** 40)).to.equal(undefined);
    expect(image?.payload(page, 8, 1000)).to.equal(undefined);
  });

  it('refuses a page size that is none', () => {
    const wrong = Buffer.from(file);
    wrong.writeUInt16BE(700, 16);
    expect(SqliteImage.open(accessTo(wrong), none)).to.equal(undefined);
  });
});
