import { processText } from '../artifacts/process-text.ts';
import type { Indicator } from '../findings/indicator.ts';
import type { Touch, Touched } from '../findings/touch.ts';
import { formatCount } from '../output/count.ts';
import { type Io, writeLine } from '../output/io.ts';
import { terminalLine } from '../output/line.ts';
import { printData } from '../output/printer.ts';
import { renderTable } from '../output/table.ts';

/** What was not looked at, or not whole, and why. */
export interface NotLooked {
  /** A node, a case, a log or a line of a list. */
  readonly what: string;
  readonly reason: string;
}

/** An indicator of a case that tells nothing of who has it. */
export interface LeftOut {
  readonly indicator: Indicator;
  readonly reason: string;
  /** Pods, nodes and callers that were seen to have it. */
  readonly talkers: number;
}

/** Everything that a search for traces came to. */
export interface Scope {
  readonly indicators: readonly Indicator[];
  readonly leftOut: readonly LeftOut[];
  readonly touches: readonly Touch[];
  /** Traces on the pods that the case is about, which are known. */
  readonly known: number;
  /** Nodes, by the API server's name, that were looked at. */
  readonly nodes: readonly string[];
  readonly notLooked: readonly NotLooked[];
}

/** Prints a scope: a table of who is touched, what was not looked at, and a line that sums it up. Schema: schema/scope.json. */
export async function printScope(io: Io, scope: Scope, output: string | undefined): Promise<void> {
  const { touches, notLooked, nodes, indicators, leftOut, known } = scope;
  if (output === 'json' || output === 'yaml') {
    const data = {
      apiVersion: 'kubectl-ir/v1',
      kind: 'Scope',
      indicators,
      leftOut,
      nodes,
      items: touches,
      known,
      notLooked,
    };
    await printData(io, data, output);
    return;
  }
  const who = [...new Set(touches.map(({ subject }) => ownerOf(subject)))].sort();
  if (output === 'name') {
    for (const name of who) await writeLine(io.stdout, terminalLine(name));
    return;
  }
  if (touches.length > 0) {
    const rows = [...touches]
      .sort((a, b) => (ownerOf(a.subject) < ownerOf(b.subject) ? -1 : 1))
      .map(({ subject, seen, indicator, confidence, evidence: [proof] }) => [
        ownerOf(subject),
        ...[
          subject.node ?? '-',
          seen,
          `${indicator.type} ${short(indicator)}`,
          confidence,
          detailOf(subject),
        ],
        ...(output === 'wide'
          ? [indicator.from, proof === undefined ? '' : `${proof.name}: ${proof.excerpt}`]
          : []),
      ]);
    const more = output === 'wide' ? ['FROM', 'EVIDENCE'] : [];
    const headers = ['TOUCHED', 'NODE', 'SEEN', 'INDICATOR', 'SURE', 'WHERE', ...more];
    await writeLine(io.stdout, renderTable(headers, rows));
  }
  for (const { indicator, reason, talkers } of leftOut)
    await writeLine(
      io.stdout,
      terminalLine(
        `LEFT OUT        ${indicator.type} ${short(indicator)}   ${reason}; ${talkers} talk to it, which tells nothing of them; look all the same with --ioc`,
      ),
    );
  for (const { what, reason } of notLooked)
    await writeLine(io.stdout, terminalLine(`NOT LOOKED AT   ${what}   ${reason}`));
  const places = nodes.length === 0 ? 'no node' : nodes.join(', ');
  await writeLine(
    io.stdout,
    terminalLine(
      `${who.length} touched${known === 0 ? '' : `, beside ${formatCount(known, 'trace where it is known', 'traces where they are known')}`}; ${formatCount(indicators.length, 'indicator')}; looked at ${places}`,
    ),
  );
}

/** Who is touched, as `-o name` has it: a pod, a caller, or a node. */
export function ownerOf({ node, namespace, pod, user, address, container }: Touched): string {
  if (pod !== undefined) return `pod/${namespace ?? ''}/${pod}`;
  if (user !== undefined) return `user/${user}`;
  if (address !== undefined) return `address/${address}`;
  return container === undefined ? `node/${node ?? ''}` : `container/${node ?? ''}/${container}`;
}

function detailOf(subject: Touched): string {
  const { container, path, pod } = subject;
  return [pod === undefined ? '' : (container ?? ''), processText(subject), path ?? '']
    .filter((part) => part !== '')
    .join(' ');
}

function short({ type, value, port }: Indicator): string {
  const text = type === 'sha256' || type === 'image' ? `${value.slice(0, 19)}...` : value;
  return port === undefined ? text : `${text}:${port}`;
}
