import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installCheckPackages } from './checks.ts';
import { interruptSignal, root, runJob, script } from './job.ts';

/**
 * `npm run coverage [-- FILE…]`: how much of src the unit tests, or those named, run, as c8 counts it; file by file in
 * coverage/index.html.
 */
process.exitCode = 1;
const { positionals } = parseArgs({ allowPositionals: true });
const signal = interruptSignal();
if (await installCheckPackages()) {
  const tests = script('scripts/mocha.ts', ...positionals);
  const { code } = await runJob({
    program: join(root, 'node_modules/.bin/c8'),
    args: [
      ...['--all', '--src', 'src', '--include', 'src/**', '--reporter', 'text-summary', '--reporter', 'html'],
      ...[tests.program, ...tests.args],
    ],
    live: true,
    signal,
  });
  process.exitCode = signal.aborted ? 130 : code;
}
