import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  encodePublicKey,
  parsePublicKey,
  type SshPublicKey,
} from '../../../src/evidence/signature/ssh-public-key.ts';
import { signSsh, verifySsh } from '../../../src/evidence/signature/ssh-signature.ts';
import { formatSshSig, signedBytes, verifySshSig } from '../../../src/evidence/signature/sshsig.ts';
import { sshMpint, sshString, sshUint32, WireReader } from '../../../src/evidence/signature/ssh-wire.ts';
import { inSandbox } from '../sandbox.ts';
import { sshKeygenAccepts } from './keys.ts';

const data = Buffer.from('what is signed');

function publicOf(key: KeyObject): SshPublicKey {
  return parsePublicKey(encodePublicKey(key));
}

const pairs = {
  ed25519: generateKeyPairSync('ed25519'),
  ecdsa: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
};

/** A hardware key and what its authenticator answers (OpenSSH PROTOCOL.u2f): the touch is bit 0 of the flags. */
function hardware(
  kind: 'ed25519' | 'ecdsa',
  flags: number,
): { key: SshPublicKey; sign: (of: Buffer) => Buffer } {
  const { publicKey, privateKey } = pairs[kind];
  const plain = new WireReader(encodePublicKey(publicKey));
  plain.string();
  const type = kind === 'ed25519' ? 'sk-ssh-ed25519@openssh.com' : 'sk-ecdsa-sha2-nistp256@openssh.com';
  const members = kind === 'ed25519' ? [plain.string()] : [plain.string(), plain.string()];
  const blob = Buffer.concat([sshString(type), ...members.map(sshString), sshString('ssh:')]);
  const digest = (of: string | Buffer): Buffer => createHash('sha256').update(of).digest();
  const rest = Buffer.concat([Buffer.from([flags]), sshUint32(41)]);
  return {
    key: parsePublicKey(blob),
    sign: (of) => {
      const signed = Buffer.concat([digest('ssh:'), rest, digest(of)]);
      const pair = sign(kind === 'ed25519' ? null : 'sha256', signed, {
        key: privateKey,
        dsaEncoding: 'ieee-p1363',
      });
      const numbers = Buffer.concat([sshMpint(pair.subarray(0, 32)), sshMpint(pair.subarray(32))]);
      return Buffer.concat([sshString(type), sshString(kind === 'ed25519' ? pair : numbers), rest]);
    },
  };
}

describe('SSH signature', () => {
  for (const [kind, { publicKey, privateKey }] of Object.entries(pairs))
    it(`is right for what was signed with ${kind}, and for nothing else`, () => {
      const key = publicOf(publicKey);
      for (let count = 0; count < 20; count += 1) {
        const signature = signSsh(privateKey, key, data);
        expect(verifySsh(key, signature, data)).to.equal(true);
        expect(verifySsh(key, signature, Buffer.from('something else'))).to.equal(false);
      }
      const others = Object.entries(pairs).filter(([other]) => other !== kind);
      for (const [, other] of others)
        expect(verifySsh(publicOf(other.publicKey), signSsh(privateKey, key, data), data)).to.equal(false);
    });

  it('takes SHA-256 from an RSA key, and no SHA-1', () => {
    const { publicKey, privateKey } = pairs.rsa;
    const signed = (algorithm: string, digest: string): Buffer =>
      Buffer.concat([sshString(algorithm), sshString(sign(digest, data, privateKey))]);
    expect(verifySsh(publicOf(publicKey), signed('rsa-sha2-256', 'sha256'), data)).to.equal(true);
    expect(verifySsh(publicOf(publicKey), signed('ssh-rsa', 'sha1'), data)).to.equal(false);
  });

  for (const kind of ['ed25519', 'ecdsa'] as const)
    it(`takes that of a hardware key that was touched, as ssh-keygen does, ${kind}`, () =>
      inSandbox(async (dir) => {
        const { key, sign: touch } = hardware(kind, 1);
        const parts = { publicKey: key, namespace: 'kubectl-ir', hash: 'sha512' };
        const sig = { ...parts, signature: touch(signedBytes('kubectl-ir', 'sha512', data)) };
        expect(verifySshSig(sig, data)).to.equal(true);
        await writeFile(join(dir, 'sig'), formatSshSig(sig));
        await writeFile(join(dir, 'signers'), `jane ${key.type} ${key.blob.toString('base64')}\n`);
        const accepted = await sshKeygenAccepts(join(dir, 'signers'), 'jane', join(dir, 'sig'), String(data));
        expect(accepted).to.equal(true);
        const untouched = hardware(kind, 0);
        expect(verifySsh(untouched.key, untouched.sign(data), data)).to.equal(false);
      }));
});
