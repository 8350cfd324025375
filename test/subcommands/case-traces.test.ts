import { expect } from 'chai';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTraces } from '../../src/subcommands/case-traces.ts';
import { caseWith } from '../evidence/evidence-lab.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { journalOf } from '../findings/traces-lab.ts';
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
      const { books } = await readTraces(dir, signal);
      expect(books.map(({ node }) => node)).to.deep.equal(['node-a', 'node-b']);
      const [a, b] = books.map((book) => book.traces());
      expect(a?.processes.map(({ executable }) => String(executable))).to.deep.equal(['/x']);
      expect(a?.files.get('[root]/etc/cron.d/x')?.[0]?.source).to.include({
        item: 1,
        name: '[root]/etc/cron.d/x',
      });
      expect(b?.metadata).to.have.length(1);
    }));

  it('have the configuration of a kubelet wherever it lies, so that rules of it are judged', () =>
    inSandbox(async (dir) => {
      const bytes = 'kind: KubeletConfiguration\nauthentication: {anonymous: {enabled: true}}\n';
      await caseWith(dir, {
        '[root]/opt/k.yaml': { bytes, artifact: 'config' },
        '[root]/opt/other': { bytes: 'x', artifact: 'config' },
      });
      const [book] = (await readTraces(dir, signal)).books;
      expect(book?.has('configuration of the kubelet')).to.equal(true);
      expect(
        book?.traces().kubelets.map(({ source, value }) => [source.name, value.anonymous]),
      ).to.deep.equal([['[root]/opt/k.yaml', true]]);
    }));

  it('have logs of no bytes with their times, and of journals the beginning', () =>
    inSandbox(async (dir) => {
      const journal = Buffer.concat([journalOf(1, 5), Buffer.alloc(1000)]);
      await caseWith(dir, {
        '[root]/var/log/auth.log': { bytes: '', modified: 1_795_000_000, changed: 1_795_000_001 },
        '[root]/var/log/journal/m/system.journal': journal,
        '[root]/var/log/journal/m/cut.journal': { truncated: journal },
        '[root]/var/log/journal/m/lost.journal': { truncated: '' },
      });
      const [book] = (await readTraces(dir, signal)).books;
      const { files, journals } = book?.traces().logs ?? { files: [], journals: [] };
      expect(files.map(({ value }) => value)).to.deep.equal([
        { path: '/var/log/auth.log', size: 0, modified: 1_795_000_000, changed: 1_795_000_001 },
      ]);
      expect(journals.map(({ value }) => [value.path, value.lastSeqnum])).to.deep.equal([
        ['/var/log/journal/m/system.journal', 5n],
        ['/var/log/journal/m/cut.journal', 5n],
      ]);
      expect(book?.gaps.map(({ name }) => name)).to.include(
        'header of [root]/var/log/journal/m/lost.journal',
      );
    }));

  it('tell of a file of which not all came', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, {
        '[root]/etc/cron.d/x': { truncated: '* * * * * root /tmp/x' },
        '[root]/etc/cron.d/y': '* * * * * root /tmp/y\n',
      });
      const [book] = (await readTraces(dir, signal)).books;
      const cut = [...(book?.traces().files ?? [])].flatMap(([, files]) =>
        files.map(({ value }) => value.cut),
      );
      expect(cut).to.deep.equal([true, undefined]);
    }));

  it('read digests of programs before the sums that are held against them', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, {
        '[root]/var/lib/dpkg/info/x.md5sums': `${'1'.repeat(32)}  usr/bin/x\n${'2'.repeat(32)}  usr/share/doc/x\n`,
        'live_response/packages/programs.md5': `${'1'.repeat(32)}  usr/bin/x\n`,
      });
      const [book] = (await readTraces(dir, signal)).books;
      expect([...(book?.traces().packageFiles.keys() ?? [])]).to.deep.equal(['md5 /usr/bin/x']);
    }));

  it('go on where one item is too long or was changed, and tell which was', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, {
        '[root]/etc/crontab': Buffer.alloc(2 * 1024 ** 2, 0x61),
        '[root]/etc/cron.d/x': 'abc',
      });
      const [book] = (await readTraces(dir, signal)).books;
      expect(book?.gaps.map(({ name }) => name)).to.deep.equal(['[root]/etc/crontab']);
      expect(book?.gaps[0]?.why).to.contain('more than the');
      const place = join(dir, 'data/acquisitions');
      const [acquisition = ''] = await readdir(place);
      const tar = (await readdir(join(place, acquisition))).find((name) => name.endsWith('.tar')) ?? '';
      await writeFile(join(place, acquisition, tar), Buffer.alloc(4 * 1024 ** 2));
      const { books, damaged } = await readTraces(dir, signal);
      expect(damaged).to.have.length(1);
      expect(damaged[0]).to.match(/^\S+: item 2 \(\[root\]\/etc\/cron\.d\/x\) .* is not what was collected$/);
      expect(books[0]?.gaps.map(({ name }) => name)).to.include('[root]/etc/cron.d/x');
      expect(books[0]?.traces().files.has('[root]/etc/cron.d/x')).to.equal(false);
    }));

  it('leave out an acquisition of a newer version and one that is none, and read the others', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { '[root]/etc/cron.d/x': 'a' }, { '[root]/etc/cron.d/y': 'b' }, { z: 'c' });
      const place = join(dir, 'data/acquisitions');
      const [, second = '', third = ''] = (await readdir(place)).sort();
      const record = join(place, second, 'acquisition.json');
      await writeFile(record, (await readFile(record, 'utf8')).replace('kubectl-ir/v1', 'kubectl-ir/v2'));
      await writeFile(join(place, third, 'items.jsonl'), 'no item\n');
      const { books, damaged, denied } = await readTraces(dir, signal);
      expect(books.map(({ node }) => node)).to.deep.equal(['node-a', 'node-c']);
      expect(books[1]?.gaps.map(({ any }) => any)).to.deep.equal([true]);
      expect([damaged.length, denied.length]).to.deep.equal([1, 1]);
      expect(denied[0]).to.contain('was written by a newer kubectl ir (kubectl-ir/v2)');
      expect(damaged[0]).to.contain('is no item');
    }));

  it('take a record whose members are of other types', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { '[root]/etc/cron.d/x': 'a' });
      const [name = ''] = await readdir(join(dir, 'data/acquisitions'));
      const file = join(dir, 'data/acquisitions', name, 'acquisition.json');
      const record = JSON.parse(await readFile(file, 'utf8')) as object;
      for (const more of [
        { options: null },
        { options: { phases: [7] } },
        { collector: { containerID: 5 } },
        { node: 5 },
      ]) {
        await writeFile(file, JSON.stringify({ ...record, ...more }));
        expect((await readTraces(dir, signal)).books, JSON.stringify(more)).to.have.length(1);
      }
    }));

  it('end when they are interrupted', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { '[root]/etc/cron.d/x': 'a' });
      expect((await failureOf(readTraces(dir, AbortSignal.abort(new Error('stop'))))).message).to.equal(
        'stop',
      );
    }));
});
