/** Tactics of MITRE ATT&CK for Enterprise (v18), in its order. */
export const tactics = [
  'Initial Access',
  'Execution',
  'Persistence',
  'Privilege Escalation',
  'Defense Evasion',
  'Credential Access',
  'Discovery',
  'Lateral Movement',
  'Collection',
  'Command and Control',
  'Impact',
] as const;
export type Tactic = (typeof tactics)[number];

export interface Technique {
  readonly name: string;
  readonly tactics: readonly Tactic[];
}

/** Names and tactics of the techniques that rules name; attack.mitre.org, v18. */
export const techniques: Readonly<Record<string, Technique>> = {
  'T1003.007': { name: 'OS Credential Dumping: Proc Filesystem', tactics: ['Credential Access'] },
  'T1003.008': { name: 'OS Credential Dumping: /etc/passwd and /etc/shadow', tactics: ['Credential Access'] },
  T1006: { name: 'Direct Volume Access', tactics: ['Defense Evasion'] },
  T1014: { name: 'Rootkit', tactics: ['Defense Evasion'] },
  'T1021.004': { name: 'Remote Services: SSH', tactics: ['Lateral Movement'] },
  'T1027.011': { name: 'Obfuscated Files: Fileless Storage', tactics: ['Defense Evasion'] },
  T1036: { name: 'Masquerading', tactics: ['Defense Evasion'] },
  'T1036.004': { name: 'Masquerade Task or Service', tactics: ['Defense Evasion'] },
  'T1036.005': { name: 'Match Legitimate Resource Name or Location', tactics: ['Defense Evasion'] },
  'T1036.011': { name: 'Overwrite Process Arguments', tactics: ['Defense Evasion'] },
  'T1037.004': { name: 'RC Scripts', tactics: ['Persistence', 'Privilege Escalation'] },
  T1040: { name: 'Network Sniffing', tactics: ['Credential Access', 'Discovery'] },
  T1046: { name: 'Network Service Discovery', tactics: ['Discovery'] },
  'T1053.003': {
    name: 'Scheduled Task/Job: Cron',
    tactics: ['Execution', 'Persistence', 'Privilege Escalation'],
  },
  'T1053.006': {
    name: 'Scheduled Task/Job: Systemd Timers',
    tactics: ['Execution', 'Persistence', 'Privilege Escalation'],
  },
  'T1055.008': {
    name: 'Process Injection: Ptrace System Calls',
    tactics: ['Privilege Escalation', 'Defense Evasion'],
  },
  'T1059.004': { name: 'Unix Shell', tactics: ['Execution'] },
  'T1059.013': { name: 'Container CLI/API', tactics: ['Execution'] },
  T1068: { name: 'Exploitation for Privilege Escalation', tactics: ['Privilege Escalation'] },
  'T1070.002': { name: 'Clear Linux or Mac System Logs', tactics: ['Defense Evasion'] },
  'T1070.003': { name: 'Clear Command History', tactics: ['Defense Evasion'] },
  'T1070.004': { name: 'File Deletion', tactics: ['Defense Evasion'] },
  'T1070.006': { name: 'Timestomp', tactics: ['Defense Evasion'] },
  T1071: { name: 'Application Layer Protocol', tactics: ['Command and Control'] },
  'T1098.004': { name: 'SSH Authorized Keys', tactics: ['Persistence', 'Privilege Escalation'] },
  'T1098.006': {
    name: 'Additional Container Cluster Roles',
    tactics: ['Persistence', 'Privilege Escalation'],
  },
  T1105: { name: 'Ingress Tool Transfer', tactics: ['Command and Control'] },
  T1133: { name: 'External Remote Services', tactics: ['Initial Access', 'Persistence'] },
  T1205: { name: 'Traffic Signaling', tactics: ['Persistence', 'Defense Evasion', 'Command and Control'] },
  'T1205.002': { name: 'Socket Filters', tactics: ['Persistence', 'Defense Evasion', 'Command and Control'] },
  'T1496.001': { name: 'Resource Hijacking: Compute Hijacking', tactics: ['Impact'] },
  T1525: { name: 'Implant Internal Image', tactics: ['Persistence'] },
  T1528: { name: 'Steal Application Access Token', tactics: ['Credential Access'] },
  'T1543.002': { name: 'Systemd Service', tactics: ['Persistence', 'Privilege Escalation'] },
  'T1543.005': { name: 'Container Service', tactics: ['Persistence', 'Privilege Escalation'] },
  T1546: { name: 'Event Triggered Execution', tactics: ['Persistence', 'Privilege Escalation'] },
  'T1546.004': {
    name: 'Unix Shell Configuration Modification',
    tactics: ['Persistence', 'Privilege Escalation'],
  },
  'T1546.017': { name: 'Udev Rules', tactics: ['Persistence', 'Privilege Escalation'] },
  'T1547.006': { name: 'Kernel Modules and Extensions', tactics: ['Persistence', 'Privilege Escalation'] },
  'T1548.001': { name: 'Setuid and Setgid', tactics: ['Privilege Escalation', 'Defense Evasion'] },
  'T1552.001': { name: 'Credentials In Files', tactics: ['Credential Access'] },
  'T1552.005': { name: 'Cloud Instance Metadata API', tactics: ['Credential Access'] },
  'T1552.007': { name: 'Container API', tactics: ['Credential Access'] },
  T1554: { name: 'Compromise Host Software Binary', tactics: ['Persistence'] },
  'T1556.003': {
    name: 'Pluggable Authentication Modules',
    tactics: ['Persistence', 'Defense Evasion', 'Credential Access'],
  },
  'T1562.001': { name: 'Disable or Modify Tools', tactics: ['Defense Evasion'] },
  'T1562.003': { name: 'Impair Command History Logging', tactics: ['Defense Evasion'] },
  'T1562.012': { name: 'Disable or Modify Linux Audit System', tactics: ['Defense Evasion'] },
  T1564: { name: 'Hide Artifacts', tactics: ['Defense Evasion'] },
  'T1564.001': { name: 'Hidden Files and Directories', tactics: ['Defense Evasion'] },
  'T1564.013': { name: 'Bind Mounts', tactics: ['Defense Evasion'] },
  'T1574.006': {
    name: 'Dynamic Linker Hijacking',
    tactics: ['Persistence', 'Privilege Escalation', 'Defense Evasion'],
  },
  T1609: { name: 'Container Administration Command', tactics: ['Execution'] },
  T1610: { name: 'Deploy Container', tactics: ['Execution', 'Defense Evasion'] },
  T1611: { name: 'Escape to Host', tactics: ['Privilege Escalation'] },
  T1612: { name: 'Build Image on Host', tactics: ['Defense Evasion'] },
  T1613: { name: 'Container and Resource Discovery', tactics: ['Discovery'] },
  T1620: { name: 'Reflective Code Loading', tactics: ['Defense Evasion'] },
};
