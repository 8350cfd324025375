import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { UsageError } from '../../src/output/errors.ts';
import { command } from '../../src/subcommands/completion.ts';
import { run } from '../cluster/run.ts';
import { failureOf } from '../support/failure.ts';
import { type MemoryIo, memoryIo } from '../support/memory-io.ts';

describe('completion', () => {
  async function completion(words: string[] = []): Promise<MemoryIo> {
    const io = memoryIo();
    expect(await command.start(words, {}, { io, global: {}, signal: new AbortController().signal })).to.equal(
      0,
    );
    return io;
  }

  it('prints a program that hands every word on as it is', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'completion-'));
    const script = join(dir, 'kubectl_complete-ir');
    await writeFile(script, (await completion()).out());
    await writeFile(join(dir, 'kubectl-ir'), '#!/bin/sh\nprintf "<%s>" "$@"\n');
    for (const file of [script, join(dir, 'kubectl-ir')]) await chmod(file, 0o755);
    const words = ['isolate', '$(id)', 'a b', '--', '*', "'", 'x\ny', ''];
    const said = await run(script, words, { env: { PATH: `${dir}:/usr/bin:/bin` } });
    await rm(dir, { recursive: true });
    expect(said).to.equal(['__complete', ...words].map((word) => `<${word}>`).join(''));
  });

  it('takes no arguments', async () => {
    expect(await failureOf(completion(['bash']))).to.be.instanceOf(UsageError);
  });
});
