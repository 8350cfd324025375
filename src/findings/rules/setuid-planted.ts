import { evidence, excerptOf } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** Setuid programs of root where no package puts one, by the modes of all files. */
export const setuidPlanted: Rule = {
  id: 'setuid-planted',
  title: 'a setuid program of root lies where users or pods may write',
  explanation: 'Whoever runs it is root: an intruder leaves one to come back.',
  severity: 'high',
  confidence: 'high',
  lessWhen:
    'Volumes of pods are medium: images that are unpacked there bring setuid programs along. Setgid programs and those of other owners are no finding.',
  attack: ['T1548.001'],
  threatMatrix: ['MS-TA9013'],
  references: ['inode(7)', 'The Sleuth Kit, body file 3.x'],
  refutedBy: 'An image or a distribution was unpacked there.',
  next: ['kubectl ir show {case} files', 'kubectl ir show {case} mounts'],
  needs: ['metadata of files'],
  *judge({ metadata }) {
    for (const { source, value } of metadata) {
      const { mode, name, uid, gid, size } = value;
      if (!/^-..s/.test(mode) || uid !== 0) continue;
      const pods = name.toString('latin1').startsWith('/var/lib/kubelet/pods/');
      yield {
        subject: { path: excerptOf(name) },
        seen: `mode ${excerptOf(mode)}, owned by root`,
        evidence: [evidence(source, Buffer.concat([Buffer.from(`${mode} ${uid} ${gid} ${size} `), name]))],
        ...(pods ? { severity: 'medium' as const } : {}),
      };
    }
  },
};
