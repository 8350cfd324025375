import { severities } from '../../src/findings/finding.ts';
import { needs } from '../../src/findings/need.ts';
import type { Rule } from '../../src/findings/rule.ts';
import { rules } from '../../src/findings/rules.ts';
import type { Finding } from './finding.ts';

/** What no rule judges, and what a snapshot would have to take for it. */
const notJudged = [
  [
    'descriptors that lead into another mount namespace (CVE-2024-21626 while it runs)',
    'the mount id of every open file (/proc/PID/fdinfo), which is taken of files of eBPF only; the working directory that the escape needs is judged',
  ],
  [
    'eBPF programs that nobody holds',
    'type and attachment of each program by bpf(2); runtimes leave programs without a holder for every container, so symbols alone say nothing',
  ],
  [
    'sockets to the runtime that came by another way than a mount',
    'the peer of each unix socket (unix_diag)',
  ],
  ['notify_on_release of cgroups', 'that file of each cgroup; the program that it would start is judged'],
  [
    'times at which nothing was logged, and entries whose text was changed in place',
    'what a node logs as a rule, and the hashes of fields; `show journal` has every entry. What is missing is judged by its numbers',
  ],
  ['who has a credential, as a time of last access', 'access times of tokens, which most nodes do not keep'],
  ['miners that hold themselves back', 'figures of cgroups over some time; `stats` has them'],
] as const;

/** docs/findings.md as the rules have it. */
export function renderRules(): string {
  const head = [
    '<!-- Written by scripts/house-rules.ts --write from src/findings; a check holds the two equal. -->',
    '# Findings',
    `\`kubectl ir findings CASE\` judges the evidence of a case, or of an archive of one, by ${rules.length} rules, offline. A finding says what a rule saw, of whom, in which item, how sure that is, what would refute it, and what to do next. A rule whose evidence is not in the case is **not judged**: the command says so and names what collects it. That nothing was found does not prove that nothing happened: whoever is root on a node decides what it says.`,
    'What ordinary software also does weighs less because of what it is (what its pod asks for in the API, a digest, a package, a link count, a place), never because of a name or namespace that an intruder can choose. Text from the evidence is escaped, and only names that Kubernetes would accept ever go into a command.',
    [
      '| not judged because | exit code |',
      '| --- | --- |',
      '| its evidence was asked for and is not there, or not whole where it must be | 3 |',
      '| nothing in the case asked for its evidence, as for the packages of the node in a triage | 0; 3 when the rule was asked for with `--rule` |',
      '| it holds nodes against each other, and the case has its evidence of too few | 0; 3 with `--rule` |',
      '| the node has nothing of the kind: a kernel that was built without modules | the same |',
    ].join('\n'),
    'The exit code is also 3 when a rule was judged on incomplete evidence. The record of an acquisition says what it asked for. Damaged evidence is left out and named, the rest is judged, and the exit code is 4; of an acquisition that cannot be read here, for want of a right or as a newer version wrote it, it is 3. Rules of your own: [own-rules.md](own-rules.md).',
    '`--baseline CASE` compares the findings with those of another case, of an earlier time or a similar node, and marks what is new (`NEW`, or `?` where the rule was not judged there); it hides nothing. A finding is known when the same rule saw the same there, with the same words and no less weight, of the same container of the same workload and path. That includes an intruder who was already there.',
    '### On most nodes',
    'Agents of nodes do by design what some rules look for, and do it everywhere. Where a case has three nodes or more, a finding of such a rule weighs **one step less** when the same rule saw the same, but for numbers, of the same container of the same DaemonSet (by its uid) with the same image digest and the same specification on at least three nodes and on three quarters of those on which the rule was judged. The finding says `on 5 of 5 nodes`, keeps what it would weigh otherwise, and has the pods of other nodes as evidence.',
    'Names do not count, and it is one step only: what is critical stays high, because an intruder with the rights for it runs a DaemonSet of his own on every node. What no agent does by design (a shell on a connection, a hidden process, a planted or changed program) weighs the same on every node, however many there are. An agent that an intruder broke into on one node does there what it does on no other, and weighs in full.',
    [
      '| severity | what it asks for |',
      '| --- | --- |',
      ...severities.map((severity) => `| ${severity} | ${meaning[severity]} |`),
    ].join('\n'),
    '## Rules',
    [
      '| rule | what | at most |',
      '| --- | --- | --- |',
      ...rules.map(({ id, title, severity }) => row([`[${id}](#${id})`, title, severity])),
    ].join('\n'),
  ];
  const coverage = [
    '## Coverage',
    'Techniques of MITRE ATT&CK (v18), with those for containers among them, and of the threat matrix for Kubernetes (MS-), each with the rules that tell of it.',
    [
      '| technique | rules |',
      '| --- | --- |',
      ...techniques().map(([technique, ids]) => row([technique, ids.join(', ')])),
    ].join('\n'),
    '## What no rule judges',
    ['| what | what is missing for it |', '| --- | --- |', ...notJudged.map((one) => row(one))].join('\n'),
  ];
  return `${[...head, ...rules.flatMap(partOf), ...coverage].join('\n\n')}\n`;
}

const meaning: Readonly<Record<(typeof severities)[number], string>> = {
  critical: 'somebody is out of a container, or owns the node: act now',
  high: 'no ordinary cause is known: look today',
  medium: 'ordinary causes are as likely: ask the owner',
  low: 'usually ordinary; it helps to explain the rest',
  info: 'worth knowing',
};

/** The first line where docs/findings.md differs from the rules. */
export function ruleDocFindings(found: string, expected: string): Finding[] {
  if (found === expected) return [];
  const lines = found.split('\n');
  const at = expected.split('\n').findIndex((line, i) => line !== lines[i]);
  const text = 'differs from the rules; mend with: node_modules/.bin/node scripts/house-rules.ts --write';
  return [{ path: 'docs/findings.md', line: at + 1, rule: 'findings', text }];
}

function partOf(rule: Rule): string[] {
  const reads = rule.needs.map((need) => needs[need].what).join('; ');
  const facts = [
    ['weighs', `${rule.severity} at most, confidence ${rule.confidence} as a rule`],
    ['less when', rule.lessWhen],
    ...(rule.agents === true ? [['on most nodes', 'one step less, [see above](#on-most-nodes)']] : []),
    ['refuted by', rule.refutedBy],
    ['reads', rule.nodes === undefined ? reads : `${reads}, of at least ${rule.nodes} nodes`],
    ['techniques', [...rule.attack, ...rule.threatMatrix].join(', ')],
    ['sources', rule.references.join('; ')],
    ['next', rule.next.map((command) => `\`${command}\``).join('<br>')],
  ];
  return [
    `### ${rule.id}`,
    `**${rule.title}.** ${rule.explanation}`,
    ['| | |', '| --- | --- |', ...facts.map((one) => row(one))].join('\n'),
  ];
}

function techniques(): [string, string[]][] {
  const found = new Map<string, string[]>();
  for (const { id, attack, threatMatrix } of rules)
    for (const technique of [...attack, ...threatMatrix])
      found.set(technique, [...(found.get(technique) ?? []), id]);
  return [...found].sort(
    ([a], [b]) => Number(a.startsWith('MS')) - Number(b.startsWith('MS')) || (a < b ? -1 : 1),
  );
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
