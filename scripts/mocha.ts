import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Mocha from 'mocha';
import { skipReason } from '../test/support/requires.ts';
import { expand } from './files.ts';
import { root, say } from './job.ts';
import { partOf } from './part.ts';
import { type Counts, skipLines } from './tally.ts';
import { testKinds, testsOf } from './test-kinds.ts';

/**
 * `mocha.ts [--counts FILE] [--timeout MS] [--reporter NAME] [--pending] [--part K/N] [--kind unit|integration]
 * [PATTERN…]`: runs test files in the order of the patterns and of their names, without a pattern those of the kind, and writes its
 * counts as JSON to FILE when all is done. Of N parts the K-th (from 1) holds every N-th file. Without `--pending` a skipped test fails the run.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    counts: { type: 'string' },
    timeout: { type: 'string', default: '20000' },
    reporter: { type: 'string', default: 'dot' },
    pending: { type: 'boolean', default: false },
    part: { type: 'string', default: '1/1' },
    kind: { type: 'string', default: 'unit' },
  },
});
process.exitCode = 1;
const kind = testKinds.find((each) => each === values.kind) ?? 'unit';
const all = positionals.length > 0 ? await expand(positionals) : await testsOf(kind);
const files = partOf(all, values.part) ?? [];
const mocha = new Mocha({
  reporter: values.reporter,
  timeout: Number(values.timeout),
  forbidOnly: true,
  forbidPending: !values.pending,
});
for (const file of files) mocha.addFile(join(root, file));
await mocha.loadFilesAsync();
const reasons: Record<string, number> = {};
const stats = await new Promise<Mocha.Stats | undefined>((resolve) => {
  const runner = mocha.run(() => resolve(runner.stats));
  runner.on(Mocha.Runner.constants.EVENT_TEST_PENDING, (test) => {
    const reason = skipReason(test);
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  });
});
const { passes = 0, failures = 0, pending = 0 } = stats ?? {};
const counts: Counts = { passed: passes, failed: failures, skipped: pending, reasons };
if (values.counts === undefined) for (const line of skipLines(counts)) await say(line);
else await writeFile(values.counts, JSON.stringify(counts));
process.exitCode = files.length === 0 || failures > 0 ? 1 : 0;
