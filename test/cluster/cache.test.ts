import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { processIo } from '../../src/output/io.ts';
import { cached, isCached } from './cache.ts';

describe('the cache of what is built once', () => {
  let home: string;
  const io = (): ReturnType<typeof processIo> => ({ ...processIo(), env: { XDG_CACHE_HOME: home } });

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'cache-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('builds once', async () => {
    let builds = 0;
    const build = async (directory: string): Promise<void> => {
      builds += 1;
      await writeFile(join(directory, 'program'), '');
    };
    expect(await cached('program-1', io(), build)).to.equal(await cached('program-1', io(), build));
    expect(builds).to.equal(1);
    expect([await isCached('program-1', io()), await isCached('program-2', io())]).to.deep.equal([
      true,
      false,
    ]);
    expect(await readdir(join(home, 'kubectl-ir'))).to.deep.equal(['program-1']);
  });

  it('removes what a killed build left, and nothing of one that goes on in another PID namespace', async () => {
    const namespace = (await readlink('/proc/self/ns/pid')).replaceAll(/\D/g, '');
    const gone = 2 ** 22;
    for (const pids of [namespace, '1'])
      await mkdir(join(home, 'kubectl-ir', `program-0.unfinished-${pids}-${gone}`), { recursive: true });
    await cached('program-1', io(), () => Promise.resolve());
    expect(await readdir(join(home, 'kubectl-ir'))).to.have.members([
      `program-0.unfinished-1-${gone}`,
      'program-1',
    ]);
  });
});
