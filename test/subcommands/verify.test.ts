import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { VerificationError } from '../../src/output/errors.ts';
import { signWith } from '../../src/subcommands/signing.ts';
import { command } from '../../src/subcommands/verify.ts';
import { sampleCase } from '../evidence/sample.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { makeKey, signersFile } from '../evidence/signature/keys.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

const signal = new AbortController().signal;

describe('verify command', () => {
  it('answers with the verdict first, exit 0', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const io = memoryIo();
      expect(await command.start([dir], { identity: [] }, { io, global: {}, signal })).to.equal(0);
      const lines = io.out().trimEnd().split('\n');
      expect(lines[0]).to.equal('CONSISTENT   ir-20261122T041500Z-shop');
      expect(lines[2]).to.match(/^bag +ok +BagIt 1\.0, 8 files, \d+Ki, sha256 and sha512$/);
    }));

  it('exits 3 when there is no seal to check', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir, false);
      const io = memoryIo();
      expect(
        await command.start([dir], { identity: [], output: 'name' }, { io, global: {}, signal }),
      ).to.equal(3);
      expect(io.out()).to.equal('case/ir-20261122T041500Z-shop\n');
    }));

  it('names the first thing that is wrong, after the whole answer', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      await appendFile(join(dir, 'data/case.json'), ' ');
      const io = memoryIo();
      const error = await failureOf(
        command.start([dir], { identity: [], output: 'json' }, { io, global: {}, signal }),
      );
      expect(error).to.be.instanceOf(VerificationError);
      expect(error.message).to.match(
        /^case ir-20261122T041500Z-shop is broken: data\/case\.json is changed: it is not what manifest-sha256\.txt says/,
      );
      expect(JSON.parse(io.out())).to.include({ verdict: 'BROKEN', kind: 'Verification' });
    }));

  it('exits 4 when none of the signers signed it, and says why; 0 when one did', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await sampleCase(place);
      const key = await makeKey(dir, 'key');
      const signers = await signersFile(dir, { jane: key });
      const run = (): Promise<number> =>
        command.start([place], { signers, identity: [] }, { io: memoryIo(), global: {}, signal });
      const unsigned = await failureOf(run());
      expect(unsigned).to.be.instanceOf(VerificationError);
      expect(unsigned.message).to.equal(
        `case ir-20261122T041500Z-shop is signed by nobody of ${signers}: nobody signed it`,
      );
      await signWith({ io: memoryIo(), global: {}, signal }, place, await makeKey(dir, 'other'));
      expect((await failureOf(run())).message).to.match(
        /: it is signed by ed25519 SHA256:\S+, a key that no signer has$/,
      );
      await signWith({ io: memoryIo(), global: {}, signal }, place, key);
      expect(await run()).to.equal(0);
    }));

  it('names a file of signers that it cannot read or understand', () =>
    inSandbox(async (dir) => {
      await sampleCase(join(dir, 'case'));
      const run = (signers: string): Promise<Error> =>
        failureOf(command.start([join(dir, 'case')], { signers }, { io: memoryIo(), global: {}, signal }));
      expect((await run(join(dir, 'none'))).message).to.equal(`cannot read the signers in ${dir}/none`);
      await writeFile(join(dir, 'bad'), 'jane\n');
      expect((await run(join(dir, 'bad'))).message).to.equal(
        `line 1 of ${dir}/bad is no line of an allowed-signers file`,
      );
    }));

  it('needs one path', async () => {
    const none = command.start([], { identity: [] }, { io: memoryIo(), global: {}, signal });
    expect((await failureOf(none)).message).to.equal(
      'verify takes one case or archive: kubectl ir verify CASE|ARCHIVE',
    );
  });
});
