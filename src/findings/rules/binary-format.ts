import { evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { filesLike, isWritableByOthers } from '../settings.ts';

/** binfmt_misc: an interpreter that the kernel starts for files of a kind, with `C` with the rights of the file. */
export const binaryFormat: Rule = {
  id: 'binary-format',
  title: 'a kind of program is run by an interpreter where others may write',
  explanation:
    'The kernel hands every program of that kind to the interpreter, with the flag C also with the rights of a setuid program.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'Interpreters among the programs of the system, such as emulators of other processors, are no finding.',
  attack: ['T1548.001', 'T1611'],
  threatMatrix: ['MS-TA9018'],
  references: ['Documentation/admin-guide/binfmt-misc.rst'],
  refutedBy: 'A build host keeps its emulators there.',
  next: ['kubectl ir show {case} files'],
  needs: ['kernel helpers'],
  *judge(traces) {
    for (const { source, value } of filesLike(traces, /^\[root\]\/proc\/sys\/fs\/binfmt_misc\/[^/]+$/)) {
      const text = value.bytes.toString('latin1');
      const interpreter = /^interpreter (.*)$/m.exec(text)?.[1];
      if (interpreter === undefined || !/^enabled/m.test(text)) continue;
      if (interpreter.startsWith('/') && !isWritableByOthers(interpreter)) continue;
      yield {
        subject: { path: evidence(source, Buffer.from(interpreter, 'latin1')).excerpt },
        seen: `it is registered${/^flags: .*C/m.test(text) ? ', with the rights of the file' : ''}`,
        evidence: [evidence(source, value.bytes)],
      };
    }
  },
};
