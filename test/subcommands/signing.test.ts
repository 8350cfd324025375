import { join } from 'node:path';
import { expect } from 'chai';
import { verifyPath } from '../../src/evidence/verify.ts';
import { signWith } from '../../src/subcommands/signing.ts';
import { sampleCase } from '../evidence/sample.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { makeKey } from '../evidence/signature/keys.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

const signal = new AbortController().signal;

describe('signing', () => {
  it('asks for the passphrase of the key, signs, and says with which key', () =>
    inSandbox(async (dir) => {
      await sampleCase(join(dir, 'case'));
      const key = await makeKey(dir, 'key', ['-t', 'ed25519', '-a', '2'], 'secret');
      const io = memoryIo({ interactive: true, input: 'secret\n' });
      const made = await signWith({ io, global: {}, signal }, join(dir, 'case'), key);
      expect(io.err()).to.contain(`done   sign        0.00s   ed25519 ${made.fingerprint} signed, by file\n`);
      expect((await verifyPath(join(dir, 'case'))).signatures).to.have.length(1);
    }));

  it('needs a case', () =>
    inSandbox(async (dir) => {
      const key = await makeKey(dir, 'key');
      const io = memoryIo();
      const failure = await failureOf(signWith({ io, global: {}, signal }, join(dir, 'none'), key));
      expect(failure.message).to.equal(`no case at ${dir}/none`);
    }));
});
