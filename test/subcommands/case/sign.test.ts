import { join } from 'node:path';
import { expect } from 'chai';
import { command } from '../../../src/subcommands/case/sign.ts';
import { sampleCase } from '../../evidence/sample.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { makeKey, withAgent } from '../../evidence/signature/keys.ts';
import { failureOf } from '../../support/failure.ts';
import { runCommand } from './run.ts';

describe('case sign', () => {
  it('prints the file of the signature; a second time it says that it was there', () =>
    inSandbox(async (dir) => {
      await sampleCase(join(dir, 'case'), false);
      const key = await makeKey(dir, 'key');
      const first = await runCommand(command, [join(dir, 'case')], { key });
      expect(first.out).to.match(/^signature\/ed25519-[0-9a-f]{16}\.sig\n$/);
      await withAgent(dir, [key], async (io) => {
        const again = await runCommand(command, [join(dir, 'case')], { key: `${key}.pub` }, io);
        expect(again.out).to.equal(first.out);
        expect(again.err).to.contain('had signed it before');
      });
    }));

  it('needs a key', async () => {
    expect((await failureOf(runCommand(command, ['x']))).message).to.equal('case sign needs --key FILE');
  });
});
