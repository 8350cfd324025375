import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { refuseFile, writeArchiveFile } from '../../src/evidence/archive-file.ts';
import { failureOf } from '../support/failure.ts';
import { inSandbox, piecesOf } from './sandbox.ts';

describe('archive file', () => {
  it('is there whole, for its owner alone, and nothing else is', () =>
    inSandbox(async (dir) => {
      const content = Buffer.from('0123456789');
      await writeArchiveFile(join(dir, 'x.tar'), piecesOf(content, 3));
      expect(await readFile(join(dir, 'x.tar'))).to.deep.equal(content);
      expect((await stat(join(dir, 'x.tar'))).mode & 0o777).to.equal(0o600);
      expect(await readdir(dir)).to.deep.equal(['x.tar']);
    }));

  it('is never put over another file, not even over one that came meanwhile', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'x.tar');
      async function* slow(): AsyncGenerator<Buffer> {
        yield Buffer.from('new');
        await writeFile(path, 'precious');
      }
      expect((await failureOf(writeArchiveFile(path, slow()))).message).to.contain('x.tar exists');
      expect(await readFile(path, 'utf8')).to.equal('precious');
      expect(await readdir(dir)).to.deep.equal(['x.tar']);
    }));

  it('removes what killed processes left, and what it wrote itself when its source fails', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'x.tar');
      for (const name of [
        'x.tar.4194999.tmp',
        `x.tar.${process.ppid}.tmp`,
        'x.tar.y.tmp',
        'yx.tar.4194999.tmp',
      ])
        await writeFile(join(dir, name), '');
      async function* failing(): AsyncGenerator<Buffer> {
        yield await Promise.resolve(Buffer.from('new'));
        throw new Error('the source failed');
      }
      expect((await failureOf(writeArchiveFile(path, failing()))).message).to.equal('the source failed');
      expect((await readdir(dir)).sort()).to.deep.equal(
        [`x.tar.${process.ppid}.tmp`, 'x.tar.y.tmp', 'yx.tar.4194999.tmp'].sort(),
      );
    }));

  it('says where it cannot be written, and what to do', async () => {
    // Nobody makes a file in sysfs, not even root.
    const error = await failureOf(writeArchiveFile('/sys/x.tar', piecesOf(Buffer.from('x'), 1)));
    expect(error).to.include({
      name: 'OperationError',
      message: 'cannot write /sys/x.tar: permission denied',
    });
    expect(error).to.have.property('advice', 'give a file in another directory with --to');
  });

  it('cannot lie in the case or in a directory that is not there', () =>
    inSandbox(async (dir) => {
      await mkdir(join(dir, 'case/data'), { recursive: true });
      const refused = async (path: string): Promise<string> =>
        (await failureOf(refuseFile(join(dir, path), join(dir, 'case')))).message;
      expect(await refused('case/data/x')).to.contain('would lie in the case itself');
      expect(await refused('none/x')).to.contain('there is no directory');
      await refuseFile(join(dir, 'case.tar'), join(dir, 'case'));
    }));
});
