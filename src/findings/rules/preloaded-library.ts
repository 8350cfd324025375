import { evidence, excerptOf } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { filesLike } from '../settings.ts';
import type { NodeTraces } from '../traces.ts';
import { bytesOfText } from '../text.ts';

/** /etc/ld.so.preload of the node: what the dynamic linker loads into every program. */
export const preloadedLibrary: Rule = {
  id: 'preloaded-library',
  title: 'a library is loaded into every program of the node',
  explanation:
    'The linker loads it into each program that starts, so it can hide files, processes and logins from all of them.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'Low where each library that it names is, by its digest, what a package of the node brought; that takes the digests of --profile full.',
  attack: ['T1574.006', 'T1014'],
  threatMatrix: [],
  references: ['ld.so(8)'],
  refutedBy: 'A monitoring agent of the organisation installs it, with the same digest on all nodes.',
  next: ['kubectl ir show {case} files', 'kubectl ir show {case} memory'],
  needs: ['configuration'],
  *judge(traces) {
    for (const { source, value } of filesLike(traces, /^\[root\]\/etc\/ld\.so\.preload$/)) {
      const libraries = value.bytes
        .toString('latin1')
        .replace(/#.*$/gm, '')
        .split(/[\s:]+/)
        .filter((word) => word !== '');
      if (libraries.length === 0) continue;
      const owned = libraries.every((path) => isOfPackage(traces, path));
      yield {
        subject: { path: '/etc/ld.so.preload' },
        seen: `it names ${libraries
          .slice(0, 5)
          .map((path) => excerptOf(bytesOfText(path)))
          .join(', ')}`,
        evidence: [evidence(source, value.bytes)],
        ...(owned ? { severity: 'low' as const } : {}),
      };
    }
  },
};

function isOfPackage({ programs, packageFiles }: NodeTraces, path: string): boolean {
  return programs.some(
    ({ value }) =>
      value.path === path && packageFiles.get(`${value.algorithm} ${path}`)?.value.has(value.digest) === true,
  );
}
