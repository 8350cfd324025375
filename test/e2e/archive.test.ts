import { chmod, chown, copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { run } from '../cluster/run.ts';
import { archiveFormats } from '../../src/evidence/archive-stream.ts';
import { openCase } from '../../src/evidence/case.ts';
import { sealCase } from '../../src/evidence/seal.ts';
import { processIo } from '../../src/output/io.ts';
import { sampleCase } from '../evidence/sample.ts';
import { evidencePrograms } from '../support/evidence-programs.ts';
import { installPackages } from '../support/packages.ts';

const nobody = 65534;

describe('archives', function () {
  this.timeout(120_000);
  let dir: string;
  let program: string;

  before(async () => {
    await installPackages(evidencePrograms, processIo(), () => Promise.resolve());
    dir = await mkdtemp(join(tmpdir(), 'e2e-archive-'));
    await chmod(dir, 0o755);
    program = join(dir, 'kubectl-ir');
    await copyFile((await run('sh', ['-c', 'command -v kubectl-ir'])).trim(), program);
    await sampleCase(join(dir, 'case'), false);
    const opened = await openCase(processIo(), { dir: join(dir, 'case'), target: '', create: false });
    await sealCase(opened);
    await opened.close();
  });
  after(() => rm(dir, { recursive: true, force: true }));

  it('pass the tests of stock programs', async () => {
    const key = join(dir, 'key');
    await writeFile(key, await run('age-keygen', []));
    const recipient = /age1[a-z0-9]+/.exec(await readFile(key, 'utf8'))?.[0] ?? '';
    const checks = {
      'tar.gz': 'gzip -t $1 && tar -tzf $1',
      'tar.zst': 'zstd -qt $1 && tar --zstd -tf $1',
      tar: 'tar -tf $1',
      zip: 'unzip -tq $1',
    };
    for (const format of archiveFormats) {
      const archive = join(dir, `stock.${format}`);
      await run(program, ['archive', join(dir, 'case'), '-o', archive]);
      await run('sh', ['-c', checks[format], 'sh', archive]);
      const sealed = `${archive}.age`;
      await run(program, ['archive', join(dir, 'case'), '-o', sealed, '--encrypt-to', recipient]);
      await run('sh', ['-c', 'age -d -i "$1" "$2" | cmp - "$3"', 'sh', key, sealed, archive]);
    }
  });

  it('have the same sha256 from other directories, users and time zones', async () => {
    const elsewhere = join(dir, 'else/where/another name');
    await mkdir(join(dir, 'else/where'), { recursive: true });
    await cp(join(dir, 'case'), elsewhere, { recursive: true });
    await run('chown', ['-R', `${nobody}:${nobody}`, join(dir, 'else')]);
    await chown(join(dir, 'else'), nobody, nobody);
    const asNobody = ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups'];
    for (const format of archiveFormats) {
      const words = ['archive', '--to', '-', '--format', format];
      const sums = [
        await run('sh', ['-c', '"$@" | sha256sum', 'sh', program, ...words, join(dir, 'case')], {
          env: { ...processIo().env, TZ: 'UTC' },
        }),
        await run(
          'setpriv',
          [...asNobody, 'sh', '-c', 'umask 0; "$@" | sha256sum', 'sh', program, ...words, elsewhere],
          {
            env: {
              PATH: processIo().env['PATH'] ?? '',
              TZ: 'Pacific/Kiritimati',
              LC_ALL: 'tr_TR.UTF-8',
              HOME: '/',
            },
          },
        ),
      ];
      expect(new Set(sums).size, format).to.equal(1);
    }
  });
});
