import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openAcquisitions } from '../../src/evidence/exhibits.ts';
import { AuditHistory } from '../../src/incident/change/audit-history.ts';
import { readLogFiles, readLogsOfCase } from '../../src/subcommands/changes-audit.ts';
import { readCase } from '../../src/subcommands/changes-case.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { failureOf } from '../support/failure.ts';
import { at, auditLine } from '../incident/change/change-lab.ts';
import { damageItem, timelineCase } from './timeline-lab.ts';

const { signal } = new AbortController();
const log = '[root]/var/log/kubernetes/audit.log';

describe('audit logs for changes', () => {
  it('are read in the order given, line by line, without lines that are too long', () =>
    inSandbox(async (dir) => {
      const history = new AuditHistory({ since: at(0) });
      const [first, second] = [join(dir, 'audit-1.log'), join(dir, 'audit.log')];
      await writeFile(
        first,
        `${String(auditLine('create', 'roles', 'a'))}\n${'x'.repeat(5 * 1024 * 1024)}\n`,
      );
      await writeFile(second, String(auditLine('delete', 'roles', 'a')));
      await readLogFiles(history, [first, second], signal);
      expect(history.changes().map(({ action }) => action)).to.deep.equal(['created', 'deleted']);
      expect(history.coverage()).to.deep.include({ events: 2, malformed: 1 });
      const missing = await failureOf(readLogFiles(history, [join(dir, 'none')], signal));
      expect(missing.message).to.equal(`can't read the audit log ${join(dir, 'none')}: ENOENT`);
    }));

  it('are read from a case, and end where they are not what was collected', () =>
    inSandbox(async (dir) => {
      await timelineCase(dir, { items: { [log]: `${String(auditLine('create', 'roles', 'a'))}\n` } });
      const { logs } = await readCase(await openAcquisitions(dir));
      const history = new AuditHistory({ since: at(0) });
      const trouble = { gaps: [] as string[], damaged: [] as string[] };
      await readLogsOfCase(history, logs, trouble, signal);
      expect([history.changes().length, trouble]).to.deep.equal([1, { gaps: [], damaged: [] }]);
      await damageItem(dir, log);
      await readLogsOfCase(history, logs, trouble, signal);
      expect([trouble.gaps.length, trouble.damaged.length]).to.deep.equal([0, 1]);
    }));

  it('are left out where they can not be read, and that is told', () =>
    inSandbox(async (dir) => {
      await timelineCase(dir, { items: { [log]: `${String(auditLine('create', 'roles', 'a'))}\n` } });
      const opened = await openAcquisitions(dir);
      const { logs } = await readCase(opened);
      const tar = join(opened[0]?.reader.dir ?? '', opened[0]?.reader.info.tar.name ?? '');
      await rm(tar);
      const trouble = { gaps: [] as string[], damaged: [] as string[] };
      await readLogsOfCase(new AuditHistory({ since: at(0) }), logs, trouble, signal);
      expect(trouble).to.deep.equal({
        gaps: [`acquisition ${opened[0]?.name}: ${tar} can't be read (ENOENT)`],
        damaged: [],
      });
    }));
});
