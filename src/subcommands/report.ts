import { resolve } from 'node:path';
import { refuseFile, writeArchiveFile } from '../evidence/archive-file.ts';
import { type Audience, audiences } from '../incident/report/audience.ts';
import { withCaseDirectory } from '../evidence/unpacked-case.ts';
import { Placeholders } from '../evidence/redaction/placeholder.ts';
import { redactLine } from '../evidence/redaction/redact-line.ts';
import { redactionKey } from '../evidence/redaction/redaction-key.ts';
import { htmlPage } from '../incident/report/html/page.ts';
import { markdownPage } from '../incident/report/markdown/page.ts';
import { type Redaction, redactReport } from '../incident/report/redact.ts';
import type { Report } from '../incident/report/report.ts';
import { documentOf } from '../incident/report/sections.ts';
import { exitCode, UsageError, VerificationError } from '../output/errors.ts';
import { type Io, writeChunk, writeLine } from '../output/io.ts';
import { formatData } from '../output/printer.ts';
import { createProgress } from '../output/progress.ts';
import { caseOrArchiveWord } from './case-word.ts';
import { defineCommand } from './command.ts';
import { readReport } from './report/read-report.ts';

const formats = ['html', 'md', 'json'] as const;
type Format = (typeof formats)[number];

/** Characters that are written at once. */
const atOnce = 64 * 1024;

/**
 * `kubectl ir report CASE|ARCHIVE`: what happened, what proves it and what is not known, for people. Offline; writes nothing into the
 * case. Exit 3 when part of the case can't be read, 4 when part of it is not what was collected; the rest is told.
 */
export const command = defineCommand({
  flags: {
    output: { type: 'string', short: 'o', summary: 'output format', choices: formats, default: 'html' },
    for: {
      type: 'string',
      summary: 'who reads it, which decides what it says and how deep it goes',
      choices: audiences,
      default: 'all',
    },
    redact: {
      type: 'boolean',
      summary: 'for readers outside: placeholders for secrets, roles for the names of people',
    },
    to: { type: 'string', summary: 'a new file to write it to (default: stdout)', placeholder: 'FILE' },
  },
  complete: async (words, { output, for: reader, redact, to }, { io }) => {
    const dir = caseOrArchiveWord(io, 'report', words);
    if (output === 'json' && reader !== 'all')
      throw new UsageError('-o json has everything, whoever reads it; leave --for out');
    const file = to === undefined ? undefined : resolve(to);
    if (file !== undefined) await refuseFile(file, dir);
    return { dir, format: output as Format, audience: reader as Audience, redact, file };
  },
  run: async ({ dir, format, audience, redact, file }, { io, signal }) => {
    const { report: whole, trouble } = await withCaseDirectory(dir, signal, (place) =>
      readReport(io, place, signal),
    );
    const report = redact ? redactReport(whole, await redactionOf(dir)) : whole;
    const pieces = piecesOf(report, format, audience);
    if (file === undefined) await print(io, pieces);
    else {
      await writeArchiveFile(file, bytesOf(pieces));
      await writeLine(io.stdout, file);
    }
    const progress = createProgress(io);
    for (const gap of trouble.gaps) await progress.warn(gap);
    const [first] = trouble.damaged;
    if (first !== undefined)
      throw new VerificationError(`part of the case is not what was collected: ${first}`, {
        advice: 'the report says so and has the rest; see all of it with: kubectl ir verify',
      });
    return trouble.gaps.length === 0 ? exitCode.done : exitCode.partial;
  },
});

/** The placeholders are those of other redactions of the case, or of the archive: the key lies beside it. */
async function redactionOf(dir: string): Promise<Redaction> {
  const placeholders = new Placeholders(await redactionKey(dir));
  // Lines are redacted as strings of bytes.
  const bytes = (text: string): string => Buffer.from(text).toString('latin1');
  return {
    text: (text) => Buffer.from(redactLine(bytes(text), placeholders), 'latin1').toString('utf8'),
  };
}

async function* piecesOf(report: Report, format: Format, audience: Audience): AsyncGenerator<string, void> {
  if (format === 'json') yield await formatData(report, 'json');
  else yield* (format === 'md' ? markdownPage : htmlPage)(documentOf(report, audience));
}

async function print(io: Io, pieces: AsyncIterable<string>): Promise<void> {
  for await (const bytes of bytesOf(pieces)) await writeChunk(io.stdout, bytes);
}

/** The same in fewer pieces. */
async function* bytesOf(pieces: AsyncIterable<string>): AsyncGenerator<Buffer, void> {
  let waiting = '';
  for await (const piece of pieces) {
    waiting += piece;
    if (waiting.length < atOnce) continue;
    yield Buffer.from(waiting);
    waiting = '';
  }
  if (waiting !== '') yield Buffer.from(waiting);
}
