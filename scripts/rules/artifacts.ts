import { catalogue } from '../../src/artifacts/catalogue.ts';
import { tiers, type Tier } from '../../src/artifacts/tier.ts';
import type { Finding } from './finding.ts';

/** docs/artifacts.md as the catalogue has it. */
export function renderArtifacts(): string {
  const parts = (Object.keys(tiers) as Tier[]).flatMap((tier) => {
    const rows = catalogue
      .filter((artifact) => artifact.tier === tier)
      .map(({ name, where, limit, parser, why, references }) =>
        row([name, where.map(code).join(' '), limit, parser ?? 'kept as it is', why, references.join(', ')]),
      );
    if (rows.length === 0) return [];
    return [
      `## ${tier.charAt(0).toUpperCase()}${tier.slice(1)}`,
      `${tiers[tier]}.`,
      [
        row(['what', 'where', 'limit', 'read as', 'why', 'references']),
        row(Array.from({ length: 6 }, () => '---')),
        ...rows,
      ].join('\n'),
    ];
  });
  const head = [
    '<!-- Written by scripts/house-rules.ts --write from src/artifacts/catalogue; a check holds the two equal. -->',
    '# Artifacts',
    'What is looked for on a node, in the order in which it is lost. `~` is the home of each account, `*` anything within a name, `**` any directories, `{a,b}` one of several. A limit counts for one file; of logs their end is taken. References are manual pages, sources of the format, and techniques of MITRE ATT&CK (v18) or the threat matrix for Kubernetes (MS-) that the artifact tells of.',
  ];
  return `${[...head, ...parts].join('\n\n')}\n`;
}

/** The first line where docs/artifacts.md differs from the catalogue. */
export function artifactFindings(found: string, expected: string): Finding[] {
  if (found === expected) return [];
  const lines = found.split('\n');
  const at = expected.split('\n').findIndex((line, i) => line !== lines[i]);
  const text = 'differs from the catalogue; mend with: node_modules/.bin/node scripts/house-rules.ts --write';
  return [{ path: 'docs/artifacts.md', line: at + 1, rule: 'artifacts', text }];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}
