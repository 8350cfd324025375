import type { Manifest } from '../../incident/controls/control.ts';
import type { ReviewedControl } from '../../incident/controls/review.ts';
import type { Task } from '../../incident/course.ts';
import { type Io, writeChunk, writeLine } from '../../output/io.ts';
import { terminalLine } from '../../output/line.ts';
import { formatData, printData } from '../../output/printer.ts';
import { renderTable } from '../../output/table.ts';
import type { Checked } from './check.ts';

/** A control with what the server says to its manifest, and the task that somebody has of it. */
export interface ReviewItem extends ReviewedControl {
  readonly check?: Checked;
  readonly task?: Pick<Task, 'id' | 'owner' | 'due'>;
}

/** What `case review` found. */
export interface Review {
  readonly items: readonly ReviewItem[];
  /** What was read from the cluster as it is now. */
  readonly live: readonly string[];
  /** What was not looked at, a sentence each. */
  readonly unseen: readonly string[];
}

/** Prints a review: a table, then the manifests; `wide` has the controls that are in place, too. Schema: schema/review.json. */
export async function printReview(
  io: Io,
  caseDir: string,
  review: Review,
  how: { readonly output: string | undefined; readonly manifests: boolean },
): Promise<void> {
  const { items } = review;
  const missing = items.filter(({ state }) => state === 'missing');
  if (how.manifests) return printManifests(io, missing);
  const { output } = how;
  if (output === 'json' || output === 'yaml')
    return printData(io, { apiVersion: 'kubectl-ir/v1', kind: 'Review', case: caseDir, ...review }, output);
  if (output === 'name') {
    for (const { control, workload } of missing)
      await writeLine(io.stdout, terminalLine(`control/${control}/${workload}`));
    return;
  }
  const shown = items.filter(
    ({ state }) => output === 'wide' || state === 'missing' || state === 'not looked at',
  );
  if (shown.length > 0)
    await writeLine(
      io.stdout,
      renderTable(['CONTROL', 'STATE', 'WORKLOAD', 'SEEN', 'USED BY', 'CHECK', 'TASK'], shown.map(rowOf)),
    );
  const counts = ['missing', 'not looked at', 'in place', 'not meant'].map(
    (state) => `${items.filter((one) => one.state === state).length} ${state}`,
  );
  await writeLine(io.stdout, counts.join(', '));
  if (missing.length > 0) await writeLine(io.stdout, '');
  await printManifests(io, missing);
}

function rowOf({ control, state, workload, seen, used, check, task }: ReviewItem): string[] {
  const { id, owner = '', due = '' } = task ?? {};
  const told = id === undefined ? '' : [`${id}`, owner, due].filter((part) => part !== '').join(' ');
  return [control, state, workload, seen, used.join(' '), check ?? '', told];
}

/** One document for each object; the same object for several controls once. Comments say what it is for. */
async function printManifests(io: Io, missing: readonly ReviewItem[]): Promise<void> {
  const documents = new Map<string, { readonly manifest: Manifest; readonly why: string[] }>();
  for (const { control, workload, title, manifest, byHand } of missing) {
    const why = [
      `${control} of ${workload}: ${title}`,
      ...(byHand === undefined ? [] : [`by hand: ${byHand}`]),
    ];
    const key = manifest === undefined ? `${control} ${workload}` : JSON.stringify(manifest);
    const known = documents.get(key);
    if (manifest === undefined) {
      for (const line of why) await writeLine(io.stdout, `# ${terminalLine(line)}`);
    } else if (known === undefined) documents.set(key, { manifest, why });
    else known.why.push(...why);
  }
  for (const { manifest, why } of documents.values()) {
    await writeLine(io.stdout, '---');
    for (const line of why) await writeLine(io.stdout, `# ${terminalLine(line)}`);
    await writeChunk(io.stdout, await formatData(manifest, 'yaml'));
  }
}
