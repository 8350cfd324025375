import { expect } from 'chai';
import { parseApk } from '../../../src/artifacts/apk.ts';
import { parseAudit } from '../../../src/artifacts/audit.ts';
import { parseJournal } from '../../../src/artifacts/journal.ts';
import { writtenKinds } from '../../../src/artifacts/kinds/written.ts';
import { accessTo } from '../../../src/artifacts/random-access.ts';
import { journalFile } from '../journal-lab.ts';
import { cellsOf } from './kind-lab.ts';

describe('kinds of what was written', () => {
  it('each say what they are', () => {
    for (const { name, summary, columns } of writtenKinds) {
      expect(name).to.match(/^[a-z-]+$/);
      expect(summary).to.match(/^[a-z]/);
      expect(columns).not.to.be.empty;
    }
  });

  it('show lines of the journal with their sender', () => {
    const fields = ['_SYSTEMD_UNIT=ssh.service', '_COMM=sshd', '_PID=7', 'MESSAGE=hello\u001b'].map(
      (text) => ({ text }),
    );
    expect(
      cellsOf('journal', parseJournal(accessTo(journalFile([{ seconds: 1_763_000_000, fields }])))),
    ).to.deep.equal([['2025-11-13T02:13:20.000042Z', 'ssh.service', 'sshd', '7', 'hello\\x1b']]);
  });

  it('show what matters of an audit record', () => {
    const line =
      'type=SYSCALL msg=audit(1763000000.243:7): auid=1000 pid=3 comm="cat" key="k"\ntype=X msg=audit(1.000:8): a=b';
    const [first, second] = cellsOf('audit', parseAudit(Buffer.from(line)));
    expect(first?.slice(1)).to.deep.equal(['7', 'SYSCALL', '1000', '3', 'comm=cat key=k']);
    expect(second?.at(-1)).to.equal('a=b');
  });

  it('show packages and their files apart', () => {
    const text = 'P:musl\nV:1.2\nA:x86_64\nF:lib\nR:x\nZ:Q1SLkS9hBidUbPwwrw+XR0Whv3ww8=\n';
    expect(cellsOf('packages', parseApk(Buffer.from(text)))).to.deep.equal([
      ['musl', '1.2', 'x86_64', 'apk', 'installed', '-'],
    ]);
    expect(cellsOf('package-files', parseApk(Buffer.from(text)))[0]?.slice(0, 3)).to.deep.equal([
      'musl',
      '/lib/x',
      'sha1',
    ]);
  });
});
