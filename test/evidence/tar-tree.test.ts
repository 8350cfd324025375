import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { tarFiles } from '../../src/evidence/tar-tree.ts';
import { failureOf } from '../support/failure.ts';
import { inSandbox, run } from './sandbox.ts';

async function namesIn(path: string, gzip: boolean): Promise<string[]> {
  const names: string[] = [];
  for await (const { path: name } of tarFiles(path, gzip)) names.push(name);
  return names;
}

describe('tarFiles', () => {
  it('goes on to the next file when one was left unread, and can be left itself', () =>
    inSandbox(async (dir) => {
      for (const name of ['a', 'b']) await writeFile(join(dir, name), Buffer.alloc(300_000));
      await run('tar', ['-czf', 'x.tgz', 'a', 'b'], dir);
      expect(await namesIn(join(dir, 'x.tgz'), true)).to.deep.equal(['a', 'b']);
      for await (const { path } of tarFiles(join(dir, 'x.tgz'), true)) {
        expect(path).to.equal('a');
        break;
      }
    }));

  it('fails at the end of a file that is cut or damaged', () =>
    inSandbox(async (dir) => {
      await writeFile(join(dir, 'a'), Buffer.alloc(300_000));
      for (const [gzip, flags] of [
        [true, '-czf'],
        [false, '-cf'],
      ] as const) {
        await run('tar', [flags, 'x', 'a'], dir);
        const whole = await readFile(join(dir, 'x'));
        await writeFile(join(dir, 'x'), whole.subarray(0, Math.floor(whole.length / 2)));
        expect(await failureOf(namesIn(join(dir, 'x'), gzip))).to.be.instanceOf(Error);
      }
    }));
});
