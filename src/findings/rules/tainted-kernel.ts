import { evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { lastOf } from '../settings.ts';

/** Documentation/admin-guide/tainted-kernels.rst: number of the bit, letter that a module carries, what it says. */
const bits = [
  [1, 'F', 'a module was loaded by force'],
  [12, 'O', 'a module from outside of the kernel was loaded'],
  [13, 'E', 'a module without a signature was loaded'],
] as const;

/** The kernel never forgets that it was tainted; a module can unload or hide. */
export const taintedKernel: Rule = {
  id: 'tainted-kernel',
  title: 'a module that the kernel did not come with was loaded',
  explanation: 'The kernel remembers it until the next boot, also when the module is gone or hides.',
  severity: 'medium',
  confidence: 'medium',
  lessWhen:
    'Drivers of graphics cards, storage and security tools do the same: low where a listed module carries the mark.',
  attack: ['T1547.006', 'T1014'],
  threatMatrix: [],
  references: ['Documentation/admin-guide/tainted-kernels.rst', 'proc_modules(5)'],
  refutedBy: 'The organisation loads such a module on its nodes and unloads it again.',
  next: ['kubectl ir show {case} modules', 'kubectl ir show {case} journal'],
  needs: ['taint of the kernel', 'modules'],
  *judge(traces) {
    const taint = lastOf(traces, '[root]/proc/sys/kernel/tainted');
    if (taint === undefined || !/^[0-9]{1,18}$/.test(taint.value)) return;
    const mask = BigInt(taint.value);
    for (const [bit, letter, text] of bits) {
      if ((mask >> BigInt(bit)) % 2n === 0n) continue;
      const carriers = traces.modules.filter(({ value }) => value.taints.includes(letter));
      yield {
        subject: {},
        seen:
          carriers.length > 0 ? `${text}, and is listed` : `${text}, and no listed module carries the mark`,
        evidence: [
          evidence(taint.source, `tainted: ${taint.value}`),
          ...carriers
            .slice(0, 5)
            .map(({ source, value }) => evidence(source, `${value.name} (${value.taints})`)),
        ],
        ...(carriers.length > 0 ? { severity: 'low' as const } : {}),
      };
    }
  },
};
