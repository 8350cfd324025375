import { evidence, type Evidence, excerptOf, type Match, type Traced } from '../finding.ts';
import { isGravest } from '../gravest.ts';
import type { Rule } from '../rule.ts';
import type { NodeTraces } from '../traces.ts';

/** As many nodes must have the same digest, and so large a share of those that have the program. */
const leastNodes = 3;
const leastShare = 0.75;
/** Of more than these, one match tells: they were changed together. */
const mostTold = 10;
/** Of one match. */
const mostWitnesses = 3;

interface Program {
  readonly path: string;
  readonly digest: string;
}
type Common = Traced<Program> & { readonly witnesses: readonly Witness[]; readonly of: number };
type Witness = Traced<Program> & { readonly node: string };

/** Digests of programs, held against those of the other nodes: also of what no package brought. */
export const programUnlikeOtherNodes: Rule = {
  id: 'program-unlike-other-nodes',
  title: 'a program is not what the other nodes have in its place',
  explanation:
    'Nodes of a cluster are made alike. Where most of them have the same program in a place and one has another, it was replaced there, or was not brought up to date with the others.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'High where it is the only one that differs on the node, and one by which everybody comes in or everything is started; else medium, since a node may be ahead of the others by a version. Programs that are as the packages of the node say are one finding together, info: packages are brought up to date node by node, but who owns a node writes their sums too. A program that differs on more than a quarter of the nodes is no finding.',
  attack: ['T1554', 'T1036.005'],
  threatMatrix: [],
  references: ['sha256sum(1)', 'deb-md5sums(5)'],
  refutedBy: 'The node runs another version on purpose, and the digest is the one that its maker published.',
  next: [
    'kubectl ir show {case} package-files',
    'kubectl ir show {case} packages',
    'kubectl ir isolate node {node}',
  ],
  needs: ['digests of programs'],
  nodes: leastNodes + 1,
  judgeAmong(fleet) {
    const common = commonIn(fleet);
    return (traces) => matchesOf(traces, common);
  },
};

function* matchesOf(traces: NodeTraces, common: ReadonlyMap<string, Common>): Generator<Match> {
  const odd = [...programsOf(traces).values()].flatMap((one) => {
    const usual = common.get(one.value.path);
    return usual === undefined || usual.value.digest === one.value.digest ? [] : [{ one, usual }];
  });
  const vouched = vouchedBy(traces);
  const [asPackaged, strange] = [true, false].map((is) =>
    odd.filter(({ one }) => vouched.has(one.value.path) === is),
  ) as [Odd[], Odd[]];
  if (strange.length > mostTold)
    yield together(strange, `${strange.length} programs differ from those of most nodes`, 'medium');
  else
    for (const { one, usual } of strange)
      yield {
        subject: { path: excerptOf(Buffer.from(one.value.path, 'latin1')) },
        seen: `${usual.witnesses.length} of ${usual.of} nodes have another in its place, all the same`,
        severity: strange.length === 1 && isGravest(one.value.path) ? 'high' : 'medium',
        evidence: evidenceOf({ one, usual }, mostWitnesses),
      };
  if (asPackaged.length > 0) {
    const seen = `programs that are as the packages of this node say differ from those of most nodes: ${asPackaged.length}`;
    yield together(asPackaged, seen, 'info');
  }
}

interface Odd {
  readonly one: Traced<Program>;
  readonly usual: Common;
}

function together(odd: readonly Odd[], seen: string, severity: 'medium' | 'info'): Match {
  return { subject: {}, seen, severity, evidence: odd.slice(0, 5).flatMap((each) => evidenceOf(each, 1)) };
}

function evidenceOf({ one, usual }: Odd, witnesses: number): Evidence[] {
  return [
    evidence(one.source, lineOf(one.value)),
    ...usual.witnesses
      .slice(0, witnesses)
      .map(({ source, value, node }) =>
        evidence(source, Buffer.concat([lineOf(value), Buffer.from(` on ${node}`)])),
      ),
  ];
}

function lineOf({ path, digest }: Program): Buffer {
  return Buffer.from(`${digest}  ${path}`, 'latin1');
}

/** Of a program that was looked at twice, the last look. */
function programsOf({ programs }: NodeTraces): Map<string, Traced<Program>> {
  return new Map(
    programs.filter(({ value }) => value.algorithm === 'sha256').map((one) => [one.value.path, one] as const),
  );
}

/** Paths of programs whose digest is the one that a package of the same node says. */
function vouchedBy({ programs, packageFiles }: NodeTraces): ReadonlySet<string> {
  return new Set(
    programs
      .filter(({ value: { algorithm, path, digest } }) =>
        packageFiles.get(`${algorithm} ${path}`)?.value.has(digest),
      )
      .map(({ value }) => value.path),
  );
}

/** By path, the digest that most nodes have there. */
function commonIn(fleet: readonly NodeTraces[]): ReadonlyMap<string, Common> {
  const byPath = new Map<string, Witness[]>();
  for (const traces of fleet)
    for (const [path, program] of programsOf(traces)) {
      const list = byPath.get(path);
      if (list === undefined) byPath.set(path, [{ ...program, node: traces.node }]);
      else list.push({ ...program, node: traces.node });
    }
  const common = new Map<string, Common>();
  for (const [path, all] of byPath) {
    const counts = new Map<string, number>();
    for (const { value } of all) counts.set(value.digest, (counts.get(value.digest) ?? 0) + 1);
    const [digest, count] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? ['', 0];
    const witnesses = all.filter(({ value }) => value.digest === digest);
    const [first] = witnesses;
    if (first !== undefined && count >= leastNodes && count >= all.length * leastShare)
      common.set(path, { ...first, witnesses, of: all.length });
  }
  return common;
}
