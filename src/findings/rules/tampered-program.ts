import { evidence, excerptOf } from '../finding.ts';
import { isGravest } from '../gravest.ts';
import { filesLike } from '../settings.ts';
import type { Rule } from '../rule.ts';
import { linesOfText } from '../text.ts';

/** Digests of programs on the disk, held against what their packages say they are. */
export const tamperedProgram: Rule = {
  id: 'tampered-program',
  title: 'a program of the system is not what its package brought',
  explanation:
    'Its content differs from what the package manager wrote down: it was replaced, as by a backdoor in sshd or a runtime that gives the node away.',
  severity: 'critical',
  confidence: 'high',
  lessWhen:
    'High for programs other than those by which one comes in or everything is started. Diverted files (dpkg-divert) are no finding; programs of no package cannot be judged.',
  attack: ['T1554', 'T1036.005', 'T1611'],
  threatMatrix: [],
  references: ['deb-md5sums(5)', 'apk-package(5)', 'rpm docs/manual', 'CVE-2019-5736'],
  refutedBy: 'Somebody replaced the program on purpose; the same digest is on all nodes.',
  next: [
    'kubectl ir show {case} package-files',
    'kubectl ir show {case} packages',
    'kubectl ir isolate node {node}',
  ],
  needs: ['digests of programs', 'sums of packages'],
  *judge(traces) {
    const diverted = new Set(
      filesLike(traces, /^\[root\]\/var\/lib\/dpkg\/diversions$/).flatMap(({ value }) =>
        linesOfText(value.bytes),
      ),
    );
    const told = new Set<string>();
    for (const { source, value } of traces.programs) {
      const { algorithm, path, digest } = value;
      const should = traces.packageFiles.get(`${algorithm} ${path}`);
      if (should === undefined || should.value.has(digest) || told.has(path)) continue;
      if ([path, path.replace(/^\/usr(?=\/)/, ''), `/usr${path}`].some((name) => diverted.has(name)))
        continue;
      told.add(path);
      yield {
        subject: { path: excerptOf(Buffer.from(path, 'latin1')) },
        seen: `its ${algorithm} is not that of its package`,
        severity: isGravest(path) ? 'critical' : 'high',
        evidence: [
          evidence(source, Buffer.from(`${digest}  ${path}`, 'latin1')),
          evidence(should.source, `should be ${[...should.value].join(' or ')}`),
        ],
      };
    }
  },
};
