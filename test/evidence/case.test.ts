import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../src/evidence/case.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { inSandbox } from './sandbox.ts';

describe('case', () => {
  it('is a private directory with a record and a first custody line', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'new');
      const opened = await openCase(memoryIo(), { dir: path, target: 'shop/../x' });
      await opened.close();
      expect((await stat(path)).mode & 0o777).to.equal(0o700);
      const record: unknown = JSON.parse(await readFile(join(path, 'data/case.json'), 'utf8'));
      expect(record).to.include({ kind: 'Case', format: 1, target: 'shop/../x' });
      expect(opened.name).to.match(/^ir-20261122T0415\d\dZ-shop_.._x$/);
      expect(await readFile(join(path, 'data/custody.jsonl'), 'utf8')).to.match(/"action":"open"/);
    }));

  it('takes the directory from the environment, and --case before it', () =>
    inSandbox(async (dir) => {
      const io = memoryIo({ env: { KUBECTL_IR_CASE: join(dir, 'env') } });
      const first = await openCase(io, { target: 'a' });
      const second = await openCase(io, { dir: join(dir, 'flag'), target: 'a' });
      expect([first.dir, second.dir]).to.deep.equal([join(dir, 'env'), join(dir, 'flag')]);
      await first.close();
      await second.close();
    }));

  it('is refused to a second holder by the name of the first, and open to the next one', () =>
    inSandbox(async (dir) => {
      const first = await openCase(memoryIo(), { dir, target: 'a' });
      const error = await failureOf(openCase(memoryIo(), { dir, target: 'a' }));
      expect(error.message).to.contain(`is held by`).and.contain(`(process ${process.pid})`);
      await first.close();
      await first.close();
      await (await openCase(memoryIo(), { dir, target: 'a' })).close();
    }));

  it('keeps its name and goes on with its chain when opened again', () =>
    inSandbox(async (dir) => {
      const first = await openCase(memoryIo(), { dir, target: 'a' });
      await first.close();
      const second = await openCase(memoryIo(), { dir, target: 'b', create: false });
      await second.custody.append({ action: 'note', object: 'x', result: 'done' });
      expect([second.name, second.custody.head.seq]).to.deep.equal([first.name, 2]);
      await second.close();
    }));

  it('refuses a directory that holds something else, and a missing one when it must exist', () =>
    inSandbox(async (dir) => {
      await writeFile(join(dir, 'thesis.txt'), 'x');
      const other = await failureOf(openCase(memoryIo(), { dir, target: 'a' }));
      expect(other.message).to.equal(`${dir} holds no case`);
      for (const place of [dir, join(dir, 'missing')]) {
        const none = await failureOf(openCase(memoryIo(), { dir: place, target: 'a', create: false }));
        expect(none).to.have.property('message', `no case at ${place}`);
        expect(none).to.have.property('advice').that.does.not.contain('new one');
      }
    }));

  it('refuses to write into a case of a newer layout', () =>
    inSandbox(async (dir) => {
      await mkdir(join(dir, 'data'));
      const newer = { apiVersion: 'kubectl-ir/v1', kind: 'Case', format: 2, name: 'ir-x', target: 'x' };
      await writeFile(join(dir, 'data/case.json'), JSON.stringify(newer));
      const error = await failureOf(openCase(memoryIo(), { dir, target: 'a' }));
      expect(error.message).to.match(/was written by a newer kubectl ir \(format 2, known here: 1\)$/);
    }));

  it('can be made where a killed process had only begun to', () =>
    inSandbox(async (dir) => {
      await mkdir(join(dir, 'data'));
      await writeFile(join(dir, 'data/case.json.tmp'), '{');
      await (await openCase(memoryIo(), { dir, target: 'a' })).close();
    }));
});
