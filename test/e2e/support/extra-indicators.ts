import { intruders, of, process } from './expected.ts';
import type { Indicator } from './indicator.ts';

/** What came beside the catalogue: logs, identities, miners. */
export const extraIndicators: readonly Indicator[] = [
  {
    number: 25,
    name: 'log that goes nowhere',
    rule: 'emptied-log',
    severity: 'high',
    subject: { path: '/var/log/daemon.log' },
    evidence: [/^\[root\]\/var\/log\/daemon\.log: .* -> \/dev\/null$/],
  },
  {
    number: 25,
    name: 'audit trail that was switched off',
    rule: 'audit-silenced',
    severity: 'high',
    subject: { path: '/var/log/audit/audit.log' },
    evidence: [/audit\.log: CONFIG_CHANGE 7: op=set audit_enabled=0 old=1 auid=1000 /],
  },
  {
    name: 'address of a mining pool',
    rule: 'miner',
    severity: 'high',
    subject: of('miner'),
    evidence: [process('perl.*stratum\\+tcp')],
  },
  {
    name: 'identity that may do everything, of a pod that another rule accuses',
    rule: 'identity-reach',
    severity: 'critical',
    subject: { namespace: intruders, pod: 'stager' },
    evidence: [
      /clusterrolebindings\.json: ClusterRoleBinding e2e-findings-intruder: ClusterRole cluster-admin to /,
      /clusterroles\.json: cluster-admin: /,
    ],
  },
  {
    name: 'identity that reads the Secrets of its namespace, of a pod that was compared',
    rule: 'identity-reach',
    severity: 'medium',
    subject: { namespace: intruders, pod: 'drifter' },
    evidence: [/rolebindings\.json: RoleBinding e2e-findings-intruder\/reader: ClusterRole edit to /],
  },
];
