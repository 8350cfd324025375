import { expect } from 'chai';
import { auditSilenced } from '../../../src/findings/rules/audit-silenced.ts';
import { matchesOf, seenBy } from '../traces-lab.ts';

const log = (...lines: readonly string[]): Record<string, string> => ({
  '[root]/var/log/audit/audit.log': lines.map((line) => `${line}\n`).join(''),
});
const record = (type: string, seconds: number, text: string): string =>
  `type=${type} msg=audit(${seconds}.000:${seconds % 1000}): ${text}`;

describe('rule audit-silenced', () => {
  it('finds auditing that was switched off, by whom', () => {
    const [match, ...more] = matchesOf(
      auditSilenced,
      log(record('CONFIG_CHANGE', 1_795_000_000, 'op=set audit_enabled=0 old=1 auid=1000 ses=4 res=1')),
    );
    expect(more).to.deep.equal([]);
    expect(match?.seen).to.equal(
      'auditing was switched off and not on again, at 2026-11-18T11:06:40.000Z, by login uid 1000',
    );
    expect(match?.evidence[0]?.excerpt).to.equal(
      'CONFIG_CHANGE 0: op=set audit_enabled=0 old=1 auid=1000 ses=4 res=1',
    );
  });
  it('finds rules that were removed, and a daemon that ended', () => {
    expect(
      seenBy(
        auditSilenced,
        log(
          record('CONFIG_CHANGE', 1_795_000_000, 'auid=0 op=add_rule key="exec" list=4 res=1'),
          record('CONFIG_CHANGE', 1_795_000_100, 'auid=4294967295 op=remove_rule key="exec" list=4 res=1'),
          record('DAEMON_START', 1_795_000_000, 'op=start pid=700 res=success'),
          record('DAEMON_END', 1_795_000_200, 'op=terminate auid=0 pid=1 res=success'),
        ),
      ),
    ).to.deep.equal([
      'medium: rules were removed and none came back, at 2026-11-18T11:08:20.000Z, by login uid none',
      'medium: the daemon ended and did not start again, at 2026-11-18T11:10:00.000Z, by login uid 0, pid 1',
    ]);
  });
  it('says nothing of rules that were loaded anew, of a boot, and of auditing that never was on', () => {
    expect(seenBy(auditSilenced)).to.deep.equal([]);
    expect(
      seenBy(
        auditSilenced,
        log(
          // Rotated logs come in any order.
          record('DAEMON_START', 1_795_000_300, 'op=start res=success'),
          record('DAEMON_END', 1_795_000_200, 'op=terminate res=success'),
          record('CONFIG_CHANGE', 1_795_000_200, 'op=set audit_enabled=0 old=0 res=1'),
          record('SYSCALL', 1_795_000_400, 'op=remove_rule audit_enabled=0 old=1'),
          'audit_enabled=0',
        ),
      ),
    ).to.deep.equal([]);
  });
  it('shows hostile values escaped', () => {
    const [match] = matchesOf(
      auditSilenced,
      log(record('CONFIG_CHANGE', 1_795_000_000, 'op=set audit_enabled=0 old=1 auid=\u001b[2J')),
    );
    expect(`${match?.seen} ${match?.evidence[0]?.excerpt}`).not.to.include('\u001b');
  });
});
