import { evidence, excerptOf } from '../finding.ts';
import { persistenceFiles, shapeOf } from '../persistence.ts';
import type { Rule } from '../rule.ts';
import { filesLike } from '../settings.ts';

/** What starts by itself on the node and does what no package does. */
export const persistenceContent: Rule = {
  id: 'persistence-content',
  title: 'a program that starts by itself does what no package does',
  explanation:
    'A job, service or login script of the node opens a shell to somewhere, fetches and runs what it finds there, or runs a file of a container.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'A program below /tmp is medium: administrators write such jobs for a day. Lines that are comments do not count.',
  attack: ['T1053.003', 'T1053.006', 'T1543.002', 'T1546.004', 'T1546.017', 'T1037.004', 'T1556.003'],
  threatMatrix: ['MS-TA9013'],
  references: ['crontab(5)', 'systemd.unit(5)', 'udev(7)', 'pam.conf(5)'],
  refutedBy: 'An administrator wrote it and says so; it stands on all nodes since before the incident.',
  next: ['kubectl ir show {case} cron', 'kubectl ir show {case} units', 'kubectl ir show {case} files'],
  needs: ['configuration'],
  *judge(traces) {
    for (const { source, value } of filesLike(traces, /^\[root\]/)) {
      if (!persistenceFiles.test(value.path)) continue;
      const shape = shapeOf(value.bytes.toString('latin1'));
      if (shape === undefined) continue;
      yield {
        subject: { path: excerptOf(Buffer.from(value.path, 'latin1')) },
        seen: `it has ${shape.what}`,
        evidence: [evidence(source, Buffer.from(shape.line, 'latin1'))],
        ...(shape.what === 'a program where anybody may write' ? { severity: 'medium' as const } : {}),
      };
    }
  },
};
