import { expect } from 'chai';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { attempt, run } from '../cluster/run.ts';

const setup = resolve(import.meta.dirname, '../../scripts/setup.sh');

/** `setup.sh` in a project of its own, whose scripts say that they ran, for a user who is not root. */
describe('setup.sh, without root', () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'setup-'));
    for (const each of ['scripts', 'test/cluster', 'node_modules/.bin', 'bin'])
      await mkdir(join(dir, each), { recursive: true });
    await copyFile(setup, join(dir, 'scripts/setup.sh'));
    for (const script of ['scripts/bench.ts', 'scripts/demo.ts', 'test/cluster/main.ts'])
      await writeFile(join(dir, script), `process.stdout.write('ran ' + process.argv.slice(2).join(' '));\n`);
    await writeFile(join(dir, 'package-lock.json'), '{}');
    const stamp = 'printf %s "$(cksum <package-lock.json) $(uname -sm)" >node_modules/.installed';
    await run('sh', ['-c', stamp], { cwd: dir });
    for (const place of ['bin', 'node_modules/.bin'])
      await symlink(process.execPath, join(dir, place, 'node'));
    for (const [program, text] of [
      ['npm', ''],
      ['go', ''],
      ['id', 'echo 1000'],
    ] as const)
      await writeFile(join(dir, 'bin', program), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  });
  after(() => rm(dir, { recursive: true }));

  const npm = async (env: Record<string, string>, ...words: string[]): Promise<string> => {
    const PATH = `${join(dir, 'bin')}:/usr/bin:/bin`;
    const { stdout, stderr } = await attempt('sh', [join(dir, 'scripts/setup.sh'), ...words], {
      env: { PATH, ...env },
    });
    return stdout + stderr;
  };

  it('runs parts of bench, which may need no cluster, and the demo on a cluster that was given', async () => {
    expect(await npm({}, 'bench', 'findings')).to.equal('ran findings');
    expect(await npm({ KUBECONFIG: '/x' }, 'demo', '--keep')).to.equal('ran --keep');
  });

  for (const words of [['demo'], ['cluster', 'up'], ['cluster', 'down']])
    it(`refuses ${words.join(' ')} at once`, async () => {
      expect(await npm({}, ...words)).to.match(/^error: the test cluster needs root: /);
    });
});
