import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { kinds } from '../../src/artifacts/kinds.ts';
import { findCommand, registry } from '../../src/registry.ts';
import { command } from '../../src/subcommands/show.ts';
import { archiveOf, caseWith } from '../evidence/evidence-lab.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { failureOf } from '../support/failure.ts';
import { runCommand } from './case/run.ts';

const passwd = 'root:x:0:0:root:/root:/bin/bash\njo:x:1000:1000:\u001b[2J:/home/jo:/bin/sh\nbad\n';

describe('show', () => {
  it('prints a table, escaped, and tells what is no record', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { '[root]/etc/passwd': passwd });
      const { code, out, err } = await runCommand(command, [dir, 'accounts']);
      expect(out).to.equal(
        [
          'NAME   UID    GID    HOME       SHELL       COMMENT',
          'root   0      0      /root      /bin/bash   root',
          'jo     1000   1000   /home/jo   /bin/sh     \\x1b[2J',
          '',
        ].join('\n'),
      );
      expect([code, err]).to.deep.equal([
        0,
        'warning: not all are records: [root]/etc/passwd: 1 of its pieces is no record; the first: not seven fields, at byte 69\n',
      ]);
    }));

  it('shows the same of the archive of a case', () =>
    inSandbox(async (dir) => {
      await caseWith(join(dir, 'case'), { '[root]/etc/passwd': passwd });
      const path = await archiveOf(join(dir, 'case'));
      expect(await runCommand(command, [path, 'accounts'])).to.deep.equal(
        await runCommand(command, [join(dir, 'case'), 'accounts']),
      );
    }));

  it('names the acquisition when there are several, and the item when wide', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { '[root]/etc/passwd': passwd }, { '[root]/etc/passwd': passwd });
      const { out } = await runCommand(command, [dir, 'accounts'], { output: 'wide' });
      expect(out).to.match(/^ACQUISITION .* ITEM\n/);
      expect(out).to.match(/^\S+-node-node-b +jo .* \[root\]\/etc\/passwd$/m);
    }));

  it('prints JSON with all that is there, and what is no record', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { '[root]/etc/passwd': passwd });
      const { out } = await runCommand(command, [dir, 'accounts'], { output: 'json' });
      const list = JSON.parse(out) as { items: Record<string, unknown>[] };
      expect(list).to.include({ apiVersion: 'kubectl-ir/v1', kind: 'ExhibitList', of: 'accounts' });
      expect(list.items).to.have.length(3);
      expect(list.items[1]).to.include({ name: 'jo', comment: '\\x1b[2J', uid: 1000 });
      expect(list.items[1]).to.have.deep.property('item', { number: 1, name: '[root]/etc/passwd' });
      expect(list.items[2]).to.include({ malformed: 'not seven fields' });
    }));

  it('exits 3 when something was not collected whole', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { '[root]/etc/group': { truncated: 'root:x:0:\n' } });
      const { code, err } = await runCommand(command, [dir, 'groups']);
      expect([code, err]).to.deep.equal([
        3,
        'warning: not collected whole: [root]/etc/group: truncated, the last bytes\n',
      ]);
    }));

  it('shows what is whole of a damaged case, says what is not, and exits 3', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { '[root]/etc/passwd': passwd }, { '[root]/etc/passwd': 'eve:x:0:0:::\n' });
      const place = join(dir, 'data/acquisitions');
      const [first = ''] = await readdir(place);
      await writeFile(join(place, first, 'items.jsonl'), 'no item\n');
      const { code, out, err } = await runCommand(command, [dir, 'accounts']);
      expect(out).to.include('eve').and.not.include('root');
      expect([code, err]).to.deep.equal([
        3,
        `warning: damaged: ${first}: line 1 of its index items.jsonl is no item\n`,
      ]);
    }));

  it('gives a bill of materials of packages only', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { '[root]/var/lib/dpkg/status': 'Package: a\nVersion: 1\n' });
      const { out } = await runCommand(command, [dir, 'packages'], { output: 'cyclonedx' });
      expect(JSON.parse(out)).to.have.nested.property('components[1].name', 'a');
      const error = await failureOf(runCommand(command, [dir, 'groups'], { output: 'cyclonedx' }));
      expect(error.message).to.contain('CycloneDX is for packages');
    }));

  it('says which kinds there are', async () => {
    expect((await failureOf(runCommand(command, ['x', 'login']))).message).to.equal(
      'there is no kind "login"; nearest: logins',
    );
    expect((await failureOf(runCommand(command, ['logins', './my case']))).message).to.equal(
      "the case comes first: kubectl ir show './my case' logins",
    );
    expect((await failureOf(runCommand(command, ['x', 'everything']))).message).to.contain(
      'there is no kind "everything"\nkinds:\n  processes ',
    );
    expect((await failureOf(runCommand(command, []))).message).to.contain(
      'show takes a case, or an archive of one, and what to show of it',
    );
    const found = findCommand(registry, 'show', undefined);
    const about = found.kind === 'command' ? found.entry.about.join('\n') : '';
    const named = [...about.matchAll(/^[A-Z][a-z]+: +(.*)$/gm)].flatMap(([, list = '']) => list.split(', '));
    expect(named).to.deep.equal(kinds.map(({ name }) => name));
  });
});
