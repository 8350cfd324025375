import { packCase } from '../../src/evidence/archive.ts';
import { openCase } from '../../src/evidence/case.ts';
import { redactCase } from '../../src/evidence/redaction/redact-case.ts';
import { signWith } from '../../src/subcommands/signing.ts';
import { memoryIo } from '../support/memory-io.ts';

/**
 * `full-disk-case.ts archive|describe|redact|sign CASE KEY`: run by full-disk-case.test.ts on a disk that is full; prints the message of the
 * error that it ends with.
 */
const [what, dir = '', key = ''] = process.argv.slice(2);
const io = memoryIo();
try {
  if (what === 'sign') await signWith({ io, global: {}, signal: new AbortController().signal }, dir, key);
  else if (what === 'archive') await packCase(io, dir, { format: 'tar' });
  else if (what === 'redact') await redactCase(io, dir, 'credentials');
  else await (await openCase(io, { dir, target: '', details: { number: '1'.repeat(20_000) } })).close();
} catch (error) {
  process.stdout.write(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}
