import { readFile, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { expect } from 'chai';
import { main } from '../src/cli.ts';
import { splitLine } from '../src/incident/plan/run-line.ts';
import type { Io } from '../src/output/io.ts';
import type { Signals } from '../src/output/signals.ts';
import { inSandbox } from './evidence/sandbox.ts';
import { memoryIo } from './support/memory-io.ts';

const quiet: Signals = {
  onInterrupt: () => () => undefined,
  onCrash: () => () => undefined,
  exitNow: () => undefined,
};
/** What a person is asked ends so; what was typed follows on the same line of the document. */
const prompt = /(?:\[y\/N\]|\[q\]uit:|whom\?|skipped\?) (?=.*$)/;

/** The blocks of a document between fences of a language. */
function blocks(text: string, language: string): string[] {
  return Array.from(text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm))
    .filter(([, name]) => name === language)
    .map(([, , body = '']) => body);
}

/** A session as it is when it is run again: what is printed and typed on one terminal, in order. */
async function replay(session: string, dir: string, plan: string): Promise<string> {
  const shown: string[] = [];
  const lines = session.trimEnd().split('\n');
  const put = (text: string): string => text.replaceAll('./case', join(dir, 'case'));
  let now = new Date(0);
  for (const [index, line] of lines.entries()) {
    const [, time] = /^# (\d{4}-\d\d-\d\d \d\d:\d\d)$/.exec(line) ?? [];
    if (time !== undefined) now = new Date(`${time.replace(' ', 'T')}:00Z`);
    if (time !== undefined) shown.push(`${line}\n`);
    if (!line.startsWith('$ kubectl ir ')) continue;
    shown.push(`${line}\n`);
    const behind = lines.slice(index + 1);
    const end = behind.findIndex((one) => /^[$#] /.test(one));
    const typed = behind.slice(0, end < 0 ? undefined : end).flatMap((one) => {
      const at = prompt.exec(one);
      return at === null ? [] : [one.slice(at.index + at[0].length)];
    });
    const words = splitLine(put(line.slice('$ kubectl ir '.length))) ?? [];
    await main(words, terminal(shown, typed, now, plan), quiet);
  }
  return shown
    .join('')
    .replaceAll(join(dir, 'case'), './case')
    .replaceAll(`${userInfo().username}@${hostname()}`, 'jane@desk')
    .replaceAll(`${userInfo().username} on ${hostname()}`, 'jane on desk')
    .replace(/\b[0-9a-f]{64}\b/g, '…');
}

/** Both streams on one screen, and what is typed at each prompt shown as a terminal shows it. */
function terminal(shown: string[], typed: string[], now: Date, plan: string): Io {
  const stdin = new PassThrough();
  const screen = (): Writable =>
    new Writable({
      write(chunk: Buffer | string, _encoding, done) {
        shown.push(String(chunk));
        done();
        if (!/[\]?:] $/.test(String(chunk))) return;
        const line = typed.shift();
        shown.push(`${line ?? ''}\n`);
        if (line === undefined) stdin.end();
        else stdin.write(`${line}\n`);
      },
    });
  const streams = { stdin, stdout: screen(), stderr: screen(), interactive: true };
  return memoryIo({ ...streams, env: { KUBECTL_IR_PLAN: plan }, now: () => now });
}

describe('docs/phases.md', () => {
  it('shows what the commands print', () =>
    inSandbox(async (dir) => {
      const text = await readFile(new URL('../docs/phases.md', import.meta.url), 'utf8');
      const [plan = ''] = blocks(text, 'yaml');
      const [session = ''] = blocks(text, '');
      const place = join(dir, 'ir-plan.yaml');
      await writeFile(place, plan);
      expect(columns(await replay(session, dir, place))).to.equal(columns(session));
    }));
});

/** Text without the widths of its columns, which follow from the names of user and machine. */
function columns(text: string): string {
  return text.replace(/ {3,}/g, '   ');
}
