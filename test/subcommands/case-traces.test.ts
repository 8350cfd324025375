import { expect } from 'chai';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTraces } from '../../src/subcommands/case-traces.ts';
import { caseWith } from '../evidence/evidence-lab.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { failureOf } from '../support/failure.ts';

const signal = new AbortController().signal;

describe('traces of a case', () => {
  it('are a book for each node, by name', () =>
    inSandbox(async (dir) => {
      await caseWith(
        dir,
        {
          '[root]/etc/cron.d/x': 'a',
          '[root]/proc/7/exe': { target: '/x' },
          '[root]/proc/7/status': 'Name:\tx\n',
        },
        { 'bodyfile/bodyfile.txt': '0|/tmp/x|1|-rwsr-xr-x|0|0|1|1|1|1|0\n' },
      );
      const books = await readTraces(dir, signal);
      expect(books.map(({ node }) => node)).to.deep.equal(['node-a', 'node-b']);
      const [a, b] = books.map((book) => book.traces());
      expect(a?.processes.map(({ executable }) => String(executable))).to.deep.equal(['/x']);
      expect(a?.files.get('[root]/etc/cron.d/x')?.[0]?.source).to.include({
        item: 1,
        name: '[root]/etc/cron.d/x',
      });
      expect(b?.metadata).to.have.length(1);
    }));

  it('read digests of programs before the sums that are held against them', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, {
        '[root]/var/lib/dpkg/info/x.md5sums': `${'1'.repeat(32)}  usr/bin/x\n${'2'.repeat(32)}  usr/share/doc/x\n`,
        'live_response/packages/programs.md5': `${'1'.repeat(32)}  usr/bin/x\n`,
      });
      const [book] = await readTraces(dir, signal);
      expect([...(book?.traces().packageFiles.keys() ?? [])]).to.deep.equal(['md5 /usr/bin/x']);
    }));

  it('go on where one item is too long, and stop where one was changed', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, {
        '[root]/etc/crontab': Buffer.alloc(2 * 1024 ** 2, 0x61),
        '[root]/etc/cron.d/x': 'abc',
      });
      const [book] = await readTraces(dir, signal);
      expect(book?.gaps.map(({ name }) => name)).to.deep.equal(['[root]/etc/crontab']);
      expect(book?.gaps[0]?.why).to.contain('more than the');
      const place = join(dir, 'data/acquisitions');
      const [acquisition = ''] = await readdir(place);
      const tar = (await readdir(join(place, acquisition))).find((name) => name.endsWith('.tar')) ?? '';
      await writeFile(join(place, acquisition, tar), Buffer.alloc(4 * 1024 ** 2));
      expect((await failureOf(readTraces(dir, signal))).message).to.contain('is not what was collected');
    }));

  it('end when they are interrupted', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { '[root]/etc/cron.d/x': 'a' });
      expect((await failureOf(readTraces(dir, AbortSignal.abort(new Error('stop'))))).message).to.equal(
        'stop',
      );
    }));
});
