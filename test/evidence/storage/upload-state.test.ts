import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { UploadStateFile } from '../../../src/evidence/storage/upload-state.ts';
import { inSandbox } from '../sandbox.ts';

const state = {
  destination: 's3://cases/x',
  content: 'c',
  uploadId: 'u',
  partSize: 8_388_608,
  seed: randomBytes(32),
};

describe('upload state', () => {
  it('lies beside the case for its owner alone, one per destination, until it is removed', () =>
    inSandbox(async (dir) => {
      const file = new UploadStateFile(join(dir, 'case'), 's3://cases/x');
      expect(await file.read()).to.equal(undefined);
      await file.write(state);
      await new UploadStateFile(join(dir, 'case'), 's3://cases/y').write(state);
      expect(await file.read()).to.deep.equal(state);
      const names = await readdir(dir);
      expect(names).to.have.length(2);
      for (const name of names) {
        expect(name).to.match(/^case\.upload-[0-9a-f]{8}\.json$/);
        expect((await stat(join(dir, name))).mode & 0o777).to.equal(0o600);
      }
      await file.remove();
      await file.remove();
      expect(await readdir(dir)).to.have.length(1);
    }));

  it('that is damaged is none', () =>
    inSandbox(async (dir) => {
      const file = new UploadStateFile(join(dir, 'case'), 's3://cases/x');
      await file.write(state);
      const path = join(dir, (await readdir(dir))[0] ?? '');
      const text = await readFile(path, 'utf8');
      for (const broken of [
        '',
        'null',
        '{}',
        text.replace('8388608', '-1'),
        text.replace(/"seed": "../, '"seed": "'),
      ]) {
        await writeFile(path, broken);
        expect(await file.read()).to.equal(undefined);
      }
    }));
});
