import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { command } from '../../src/subcommands/archive.ts';
import { sampleCase } from '../evidence/sample.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

const signal = new AbortController().signal;

describe('archive command', () => {
  it('prints digest and path as sha256sum does, and nothing else on stdout', () =>
    inSandbox(async (dir) => {
      await sampleCase(join(dir, 'case'), false);
      const io = memoryIo();
      const path = join(dir, 'x.zip');
      expect(
        await command.start(
          [join(dir, 'case')],
          { output: path, 'encrypt-to': [] },
          { io, global: {}, signal },
        ),
      ).to.equal(0);
      const content = await readFile(path);
      expect(io.out()).to.equal(`${createHash('sha256').update(content).digest('hex')}  ${path}\n`);
      expect(content.toString('latin1', 0, 2)).to.equal('PK');
      expect(io.err()).to.match(/done {3}archive .* 14 files, .*, sealed 2026-11-22T04:15:00.000Z\n/);
    }));

  it('takes the case from the environment, and needs one', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const io = memoryIo({ env: { KUBECTL_IR_CASE: dir } });
      const output = `${dir}.tar`;
      expect(
        await command
          .start([], { output: join(dir, 'in.tar'), 'encrypt-to': [] }, { io, global: {}, signal })
          .catch((error: unknown) => String(error)),
      ).to.contain('would lie in the case itself');
      expect(output).to.contain('.tar');
      const none = command.start([], { 'encrypt-to': [] }, { io: memoryIo(), global: {}, signal });
      expect((await failureOf(none)).message).to.equal(
        'archive takes one case directory: kubectl ir archive CASE',
      );
    }));
});
