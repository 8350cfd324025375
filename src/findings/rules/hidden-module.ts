import { type Evidence, evidence, excerptOf } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { filesLike } from '../settings.ts';
import { linesOfText } from '../text.ts';

/** Not modules: what kernel/kallsyms.c writes in brackets of its own. */
const notModules = ['bpf', '__builtin__ftrace', '__builtin__kprobes'];

/** Three lists of modules that the kernel keeps apart; a rootkit takes itself off the first. */
export const hiddenModule: Rule = {
  id: 'hidden-module',
  title: 'a kernel module hides',
  explanation:
    'It is loaded, by its symbols or its directory in /sys, and /proc/modules does not have it: what hides in the kernel can make everything else on the node lie.',
  severity: 'critical',
  confidence: 'high',
  lessWhen:
    'Confidence is medium where only one of the two other lists has it: a module may be loaded between two looks.',
  attack: ['T1547.006', 'T1014'],
  threatMatrix: [],
  references: ['proc_modules(5)', 'kernel/module/procfs.c', 'kernel/kallsyms.c'],
  refutedBy:
    'The module was loaded while evidence was collected: a second snapshot has it in all three lists.',
  next: [
    'kubectl ir show {case} modules',
    'kubectl ir snapshot node {node} --case {case}',
    'kubectl ir isolate node {node}',
  ],
  needs: ['modules'],
  *judge(traces) {
    const listed = new Set(traces.modules.map(({ value }) => value.name.replaceAll('-', '_')));
    const found = new Map<string, Evidence[]>();
    const add = (name: string, proof: Evidence): void => {
      if (!listed.has(name.replaceAll('-', '_'))) found.set(name, [...(found.get(name) ?? []), proof]);
    };
    for (const { source, value } of filesLike(traces, /^\[root\]\/sys\/module\/[^/]+\/initstate$/))
      if (value.bytes.toString('latin1').trim() === 'live')
        add(value.path.split('/')[3] ?? '', evidence(source, value.bytes));
    const symbols = traces.files.get('live_response/system/module_symbols.txt') ?? [];
    for (const { source, value } of symbols)
      for (const name of new Set(linesOfText(value.bytes)))
        if (!notModules.includes(name)) add(name, evidence(source, Buffer.from(name, 'latin1')));
    for (const [name, proofs] of [...found].sort(([a], [b]) => (a < b ? -1 : 1)))
      yield {
        subject: {},
        seen: `module ${excerptOf(Buffer.from(name, 'latin1'))} is in ${new Set(proofs.map((proof) => proof.item)).size} of two other lists and not in /proc/modules`,
        evidence: proofs.slice(0, 4),
        ...(new Set(proofs.map((proof) => proof.item)).size > 1 ? {} : { confidence: 'medium' as const }),
      };
  },
};
