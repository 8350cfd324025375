import { evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { isWritableByOthers, valuesOf } from '../settings.ts';

const usual = [
  '/sbin/modprobe',
  '/usr/sbin/modprobe',
  '/bin/modprobe',
  '/usr/bin/modprobe',
  '/bin/true',
  '/bin/false',
  '',
];

/** kernel.modprobe names what the kernel runs as root when it misses a module, which any program can bring about. */
export const moduleLoader: Rule = {
  id: 'module-loader',
  title: 'the kernel loads modules by an unusual program',
  explanation:
    'The kernel runs it as root on the node whenever a program asks for what no loaded module has: a classic last step of an exploit.',
  severity: 'critical',
  confidence: 'high',
  lessWhen:
    'The loaders of distributions are no finding, by their whole path. One elsewhere among the programs of the system is medium.',
  attack: ['T1611', 'T1068'],
  threatMatrix: ['MS-TA9018'],
  references: ['proc_sys_kernel(5)'],
  refutedBy: 'The distribution keeps its programs elsewhere (NixOS, Guix), the same on all nodes.',
  next: ['kubectl ir show {case} modules', 'kubectl ir show {case} files'],
  needs: ['module loader'],
  *judge(traces) {
    for (const { source, value } of valuesOf(traces, '[root]/proc/sys/kernel/modprobe')) {
      if (usual.includes(value)) continue;
      const bad = isWritableByOthers(value);
      const text = Buffer.from(value, 'latin1');
      yield {
        subject: { path: evidence(source, text).excerpt },
        seen: bad
          ? 'it is a program where others may write'
          : 'it is a program that no common distribution has there',
        evidence: [evidence(source, text)],
        ...(bad ? {} : { severity: 'medium' as const, confidence: 'low' as const }),
      };
    }
  },
};
