import type { AuditRecord } from '../../artifacts/audit.ts';
import { evidence, excerptOf, type Match, type Traced } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** The audit trail tells itself when it is switched off, loses its rules, or its daemon ends. */
export const auditSilenced: Rule = {
  id: 'audit-silenced',
  title: 'the audit trail was switched off',
  explanation:
    'The last word of the audit trail on itself is that auditing was switched off, that rules were removed, or that its daemon ended: what happened since then is not in it.',
  severity: 'high',
  confidence: 'high',
  lessWhen:
    'What was switched on again later is no finding: loading the rules anew removes them first, and a boot ends and starts the daemon. Medium where only rules were removed, or the daemon ended and did not start again.',
  attack: ['T1562.012', 'T1562.001'],
  threatMatrix: [],
  references: ['auditctl(8)', 'auditd(8)', 'kernel/audit.c audit_log_config_change'],
  refutedBy: 'The node was set up anew then, or whoever runs it switched auditing off.',
  next: ['kubectl ir show {case} audit', 'kubectl ir timeline {case}'],
  needs: ['audit trail'],
  *judge({ logs }) {
    const records = inOrder(logs.audit);
    const last = (of: (record: AuditRecord) => boolean): Traced<AuditRecord> | undefined =>
      records.findLast(({ value }) => of(value));
    const enabled = last((record) => field(record, 'audit_enabled') !== undefined);
    if (
      enabled !== undefined &&
      field(enabled.value, 'audit_enabled') === '0' &&
      field(enabled.value, 'old') !== '0'
    )
      yield matchOf(enabled, 'auditing was switched off and not on again', {});
    const removed = last((record) => /^"?remove_rule/.test(field(record, 'op') ?? ''));
    const added = last((record) => /^"?add_rule/.test(field(record, 'op') ?? ''));
    if (removed !== undefined && (added === undefined || isBefore(added.value, removed.value)))
      yield matchOf(removed, 'rules were removed and none came back', { severity: 'medium' });
    const daemon = last(({ type }) => type.startsWith('DAEMON_'));
    if (daemon !== undefined && /^DAEMON_(?:END|ABORT)$/.test(daemon.value.type))
      yield matchOf(daemon, 'the daemon ended and did not start again', {
        severity: 'medium',
        confidence: 'medium',
      });
  },
};

function matchOf(
  { source, value }: Traced<AuditRecord>,
  what: string,
  weight: Pick<Match, 'severity' | 'confidence'>,
): Match {
  const { type, time, serial, fields } = value;
  const said = [...fields].map(([name, bytes]) => `${name}=${bytes.toString('latin1')}`).join(' ');
  const [auid, pid] = ['auid', 'pid'].map((name) => field(value, name));
  const who = auid === undefined ? '' : `, by login uid ${auid === '4294967295' ? 'none' : auid}`;
  return {
    subject: { path: '/var/log/audit/audit.log' },
    seen: excerptOf(`${what}, at ${time}${who}${pid === undefined ? '' : `, pid ${pid}`}`),
    evidence: [evidence(source, `${type} ${serial}: ${said}`)],
    ...weight,
  };
}

function field({ fields }: AuditRecord, name: string): string | undefined {
  return fields.get(name)?.toString('latin1');
}

/** Serials begin anew with each boot, so time comes first. */
function inOrder(records: readonly Traced<AuditRecord>[]): Traced<AuditRecord>[] {
  return [...records].sort((a, b) => (isBefore(a.value, b.value) ? -1 : isBefore(b.value, a.value) ? 1 : 0));
}

function isBefore(a: AuditRecord, b: AuditRecord): boolean {
  return a.time === b.time ? a.serial < b.serial : a.time < b.time;
}
