import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openSigner, type Signer } from '../../../src/evidence/signature/signer.ts';
import { formatSshSig, signedBytes } from '../../../src/evidence/signature/sshsig.ts';
import { OperationError } from '../../../src/output/errors.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { inSandbox, run } from '../sandbox.ts';
import { kinds, makeKey, signersFile, sshKeygenAccepts, withAgent } from './keys.ts';

const text = '# a statement\n';
const nobody = (): Promise<undefined> => Promise.resolve(undefined);

/** Signs the text and asks ssh-keygen about it. */
async function accepted(dir: string, signer: Signer, key: string): Promise<boolean> {
  const signature = await signer.sign(signedBytes('kubectl-ir', 'sha512', Buffer.from(text)));
  const path = join(dir, 'text.sig');
  const { publicKey } = signer;
  await writeFile(path, formatSshSig({ publicKey, namespace: 'kubectl-ir', hash: 'sha512', signature }));
  return sshKeygenAccepts(await signersFile(dir, { jane: key }), 'jane', path, text);
}

describe('signer', () => {
  for (const [kind, args] of kinds)
    it(`signs with a file and with an agent, ${kind}, as ssh-keygen accepts it`, () =>
      inSandbox(async (dir) => {
        const key = await makeKey(dir, 'key', args);
        const fromFile = await openSigner(memoryIo(), key, nobody);
        expect([fromFile.by, await accepted(dir, fromFile, key)]).to.deep.equal(['file', true]);
        await withAgent(dir, [key], async (io) => {
          const fromAgent = await openSigner(io, `${key}.pub`, nobody);
          expect([fromAgent.by, await accepted(dir, fromAgent, key)]).to.deep.equal(['agent', true]);
        });
      }));

  for (const cipher of ['aes256-ctr', 'aes128-cbc', 'aes256-gcm@openssh.com'])
    it(`opens a file encrypted with ${cipher}, three tries for the passphrase`, () =>
      inSandbox(async (dir) => {
        const key = await makeKey(dir, 'key', ['-t', 'ecdsa', '-Z', cipher, '-a', '4'], 'correct horse');
        const answers = ['wrong', 'correct horse'];
        const signer = await openSigner(memoryIo(), key, () => Promise.resolve(answers.shift()));
        expect(await accepted(dir, signer, key)).to.equal(true);
        const wrong = await failureOf(openSigner(memoryIo(), key, () => Promise.resolve('no')));
        expect(wrong.message).to.equal(`that is not the passphrase of ${key}; nothing was signed`);
        const none = await failureOf(openSigner(memoryIo(), key, nobody));
        expect(none.message).to.contain('needs its passphrase, and there is no terminal to ask on');
      })).timeout(60_000);

  it('asks the agent before it asks for the passphrase of a file', () =>
    inSandbox(async (dir) => {
      const open = await makeKey(dir, 'open');
      await copyFile(open, join(dir, 'locked'));
      await run('chmod', ['600', join(dir, 'locked')]);
      await run('ssh-keygen', ['-q', '-p', '-a', '4', '-P', '', '-N', 'secret', '-f', join(dir, 'locked')]);
      await withAgent(dir, [open], async (io) => {
        const signer = await openSigner(io, join(dir, 'locked'), nobody);
        expect([signer.by, await accepted(dir, signer, open)]).to.deep.equal(['agent', true]);
      });
    }));

  it('reads PEM files, plain and encrypted', () =>
    inSandbox(async (dir) => {
      const plain = await makeKey(dir, 'plain', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']);
      expect(await accepted(dir, await openSigner(memoryIo(), plain, nobody), plain)).to.equal(true);
      const locked = await makeKey(dir, 'locked', ['-t', 'ecdsa', '-m', 'PKCS8'], 'secret');
      const signer = await openSigner(memoryIo(), locked, () => Promise.resolve('secret'));
      expect(await accepted(dir, signer, locked)).to.equal(true);
    }));

  it('says what is wrong in one sentence', () =>
    inSandbox(async (dir) => {
      const key = await makeKey(dir, 'key');
      const text = await readFile(key, 'utf8');
      const at = (name: string, content: string): Promise<string> =>
        writeFile(join(dir, name), content).then(() => join(dir, name));
      const cut = await at('cut', text.replace(/\n[^\n]+\n-----END/, '\n-----END'));
      const cases: [string, string | RegExp][] = [
        [join(dir, 'none'), `cannot read the key ${join(dir, 'none')}`],
        [`${key}.pub`, `no ssh-agent has the private half of ${key}.pub`],
        [await at('note', 'hello\n'), `cannot sign with ${dir}/note: it is no key of SSH`],
        [cut, `cannot sign with ${cut}: it ends too early`],
        [
          await at('dsa', 'ssh-dss AAAAB3NzaC1kc3M= x\n'),
          `cannot sign with ${dir}/dsa: it is a key of type ssh-dss, which is not known here`,
        ],
      ];
      for (const [path, message] of cases) {
        const failure = await failureOf(openSigner(memoryIo(), path, nobody));
        expect(failure).to.be.instanceOf(OperationError);
        expect(failure.message).to.equal(message);
      }
      const env = { SSH_AUTH_SOCK: join(dir, 'nothing-listens') };
      const dead = await failureOf(openSigner(memoryIo({ env }), `${key}.pub`, nobody));
      expect(dead.message).to.equal('the ssh-agent at $SSH_AUTH_SOCK does not answer');
    }));
});
