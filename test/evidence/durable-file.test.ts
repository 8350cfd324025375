import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  diskError,
  hasCode,
  isNoRoom,
  onDisk,
  readFailure,
  syncDirectory,
  writeDurable,
} from '../../src/evidence/durable-file.ts';
import { failureOf } from '../support/failure.ts';
import { inSandbox } from './sandbox.ts';

describe('writeDurable', () => {
  it('replaces a file for its owner alone and leaves nothing else', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'x');
      await writeFile(path, 'old');
      await writeDurable(path, 'new');
      expect([await readFile(path, 'utf8'), (await stat(path)).mode & 0o777]).to.deep.equal(['new', 0o600]);
      expect(await readdir(dir)).to.deep.equal(['x']);
    }));

  it('takes its temporary file back when it fails', () =>
    inSandbox(async (dir) => {
      await mkdir(join(dir, 'x/y'), { recursive: true });
      expect(await failureOf(writeDurable(join(dir, 'x'), 'new'))).to.have.property('code', 'EISDIR');
      expect(await readdir(dir)).to.deep.equal(['x']);
      await syncDirectory(dir);
    }));
});

describe('error codes', () => {
  for (const [code, expected] of [
    ['ENOSPC', true],
    ['EDQUOT', true],
    ['EFBIG', true],
    ['EIO', false],
  ] as const)
    it(`${code} ${expected ? 'means' : 'does not mean'} that there is no room`, () => {
      const error = Object.assign(new Error('x'), { code });
      expect([isNoRoom(error), hasCode(error, code), hasCode('x', code)]).to.deep.equal([
        expected,
        true,
        false,
      ]);
    });
});

describe('readFailure', () => {
  it('names what the operating system says of a file, and nothing else', async () => {
    expect(readFailure(await failureOf(readFile('/nowhere/x')))).to.equal('ENOENT');
    expect(readFailure(await failureOf(readFile('/')))).to.equal('EISDIR');
    expect(readFailure(new Error('x'))).to.equal(undefined);
  });
});

describe('diskError', () => {
  const failed = (code: string, path?: string): Error =>
    Object.assign(new Error(`${code}: raw`), { code, ...(path === undefined ? {} : { path }) });

  for (const [code, path, said] of [
    ['ENOSPC', undefined, 'no space left on this machine'],
    ['EACCES', '/case', 'permission denied for /case'],
    ['EPERM', '/case', 'permission denied for /case'],
    ['EROFS', '/case', '/case is on a read-only disk'],
  ] as const)
    it(`says what ${code} means, and what could not be done`, async () => {
      const error = failed(code, path);
      expect(diskError(error)).to.include({ name: 'OperationError', message: said, cause: error });
      expect(diskError(error)?.advice).to.be.a('string');
      const told = await failureOf(onDisk('do it', () => Promise.reject(error)));
      expect(told).to.include({ name: 'OperationError', message: `cannot do it: ${said}` });
    });

  it('says that a disk fails only where it is known that it was one: a terminal that is gone has the same code', async () => {
    const error = failed('EIO');
    expect(diskError(error)).to.equal(undefined);
    expect(await failureOf(onDisk('do it', () => Promise.reject(error)))).to.include({
      name: 'OperationError',
      message: 'cannot do it: the disk of this machine failed (EIO)',
      cause: error,
    });
  });

  it('leaves alone what is no matter of a disk', async () => {
    for (const error of [failed('EPERM'), failed('EACCES'), failed('ENOENT', '/case'), new TypeError('x')]) {
      expect(diskError(error)).to.equal(undefined);
      expect(await failureOf(onDisk('do it', () => Promise.reject(error)))).to.equal(error);
    }
  });
});
