import { exitCodeOf, OperationError, UsageError } from '../../src/output/errors.ts';
import { processIo, writeLine } from '../../src/output/io.ts';
import { runCommand } from './commands.ts';

const io = processIo();
// A reader that has seen enough, such as `head`, is no error.
io.stdout.on('error', () => undefined);
try {
  process.exitCode = await runCommand(process.argv.slice(2), io);
} catch (error) {
  if (!(error instanceof Error)) throw error;
  const expected = error instanceof OperationError || error instanceof UsageError;
  await writeLine(io.stderr, expected ? error.message : (error.stack ?? error.message));
  if (error instanceof OperationError && error.advice !== undefined) await writeLine(io.stderr, error.advice);
  process.exitCode = exitCodeOf(error);
}
