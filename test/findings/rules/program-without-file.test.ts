import { expect } from 'chai';
import { programWithoutFile } from '../../../src/findings/rules/program-without-file.ts';
import { processItems, seenBy, web } from '../traces-lab.ts';

describe('rule program-without-file', () => {
  it('finds one that runs from memory', () => {
    expect(
      seenBy(programWithoutFile, processItems(11, { in: web, exe: '/memfd:x (deleted)', links: 0 })),
    ).to.deep.equal(['high: it runs from memory']);
  });
  it('scores down upgrades, and copies of what is on the disk', () => {
    expect(
      seenBy(programWithoutFile, processItems(11, { exe: '/usr/sbin/sshd (deleted)', links: 0 })),
    ).to.deep.equal(['low: its file was deleted; a program stands there again, as after an upgrade']);
  });
  it('does not accuse a node of an upgrade where nobody looked what is on its disk', () => {
    const nothing = { 'live_response/packages/programs.md5': '' };
    expect(
      seenBy(programWithoutFile, nothing, processItems(11, { exe: '/usr/sbin/sshd (deleted)', links: 0 })),
    ).to.deep.equal(['medium: its file was deleted; whether a program stands there again is not known']);
    for (const facts of [{ in: web, exe: '/tmp/x (deleted)' }, { exe: '/memfd:x (deleted)' }])
      expect(seenBy(programWithoutFile, nothing, processItems(11, { ...facts, links: 0 }))[0]).to.match(
        /^high/,
      );
  });
  it('knows a copy by its digest', () => {
    expect(
      seenBy(
        programWithoutFile,
        processItems(11, { in: web, exe: '/memfd:runc_cloned:/proc/self/exe (deleted)', links: 0 }),
        {
          'live_response/packages/programs.sha256': `${'c'.repeat(64)}  usr/bin/runc\n`,
          'live_response/process/11/exe': { bytes: 'ELF', sha256: 'c'.repeat(64) },
        },
      ),
    ).to.deep.equal(['low: it runs from memory; it is a copy of a program on the disk']);
  });
  it('leaves a file alone that is only called so', () => {
    expect(
      seenBy(programWithoutFile, processItems(11, { exe: '/usr/bin/x (deleted)', links: 1 })),
    ).to.deep.equal([]);
  });
});
