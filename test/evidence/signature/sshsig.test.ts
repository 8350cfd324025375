import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { formatSshSig, parseSshSig, verifySshSig } from '../../../src/evidence/signature/sshsig.ts';
import { WireError } from '../../../src/evidence/signature/ssh-wire.ts';
import { inSandbox, run } from '../sandbox.ts';
import { kinds, makeKey } from './keys.ts';

const message = 'a statement\n';

/** A signature that ssh-keygen made. */
async function stockSignature(dir: string, args?: readonly string[], hash = 'sha512'): Promise<string> {
  const key = await makeKey(dir, 'key', args);
  await writeFile(join(dir, 'text'), message);
  const options = ['-Y', 'sign', '-q', '-O', `hashalg=${hash}`, '-n', 'kubectl-ir', '-f', key];
  await run('ssh-keygen', [...options, join(dir, 'text')]);
  return readFile(join(dir, 'text.sig'), 'utf8');
}

describe('SSHSIG', () => {
  for (const [kind, args] of kinds)
    it(`reads, checks and writes again what ssh-keygen makes, ${kind}`, () =>
      inSandbox(async (dir) => {
        const text = await stockSignature(dir, args);
        const sig = parseSshSig(text);
        expect([sig.namespace, sig.hash]).to.deep.equal(['kubectl-ir', 'sha512']);
        expect(verifySshSig(sig, Buffer.from(message))).to.equal(true);
        expect(verifySshSig(sig, Buffer.from('another\n'))).to.equal(false);
        expect(verifySshSig({ ...sig, namespace: 'file' }, Buffer.from(message))).to.equal(false);
        expect(formatSshSig(sig)).to.equal(text);
      }));

  it('takes SHA-256 as the digest of the message', () =>
    inSandbox(async (dir) => {
      const sig = parseSshSig(await stockSignature(dir, undefined, 'sha256'));
      expect(verifySshSig(sig, Buffer.from(message))).to.equal(true);
    }));

  it('finds every changed bit of a signature', () =>
    inSandbox(async (dir) => {
      const bytes = Buffer.from(await stockSignature(dir));
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const changed = Buffer.from(bytes);
        changed.writeUInt8((changed[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3);
        let right: boolean;
        try {
          right = verifySshSig(parseSshSig(changed.toString('latin1')), Buffer.from(message));
          // The namespace is compared by the caller.
          right &&= parseSshSig(changed.toString('latin1')).namespace === 'kubectl-ir';
        } catch (error) {
          expect(error).to.be.instanceOf(WireError);
          right = false;
        }
        expect(right, `bit ${bit}`).to.equal(false);
      }
    }));

  it('refuses what is no signature, cut, or in another dress', () =>
    inSandbox(async (dir) => {
      const text = await stockSignature(dir);
      for (const [changed, message] of [
        ['', 'is no SSH signature'],
        [text.replaceAll('\n', '\r\n'), 'is no SSH signature'],
        [`\n${text}`, 'is no SSH signature'],
        [text.replace(/\n[^\n]+\n-----END/, '\n-----END'), 'ends too early'],
        [text.replace('U1NIU0lH', 'U1NIU0lI'), 'is no SSH signature'],
        [text.replace('\n-----END', '\n\n-----END'), 'is not written as ssh-keygen writes a signature'],
        [
          text.replace('U1NIU0lHAAAAAQ', 'U1NIU0lHAAAAAg'),
          'is an SSH signature of version 2, which is not known here',
        ],
      ] as const)
        expect(() => parseSshSig(changed)).to.throw(WireError, message);
    }));
});
