import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { readPrivateKeyFile } from '../../../src/evidence/signature/ssh-private-key.ts';
import { encodePublicKey, parsePublicKeyLine } from '../../../src/evidence/signature/ssh-public-key.ts';
import { WireError } from '../../../src/evidence/signature/ssh-wire.ts';
import { inSandbox } from '../sandbox.ts';
import { kinds, makeKey } from './keys.ts';

describe('private key file', () => {
  for (const [kind, args] of kinds)
    it(`gives both halves of ${kind}`, () =>
      inSandbox(async (dir) => {
        const path = await makeKey(dir, 'key', args);
        const file = readPrivateKeyFile(await readFile(path, 'utf8'));
        const blob = parsePublicKeyLine(await readFile(`${path}.pub`, 'utf8'))?.key.blob;
        const key = await file?.open('');
        expect([file?.encrypted, file?.publicKey?.blob]).to.deep.equal([false, blob]);
        expect(key && encodePublicKey(createPublicKey(key))).to.deep.equal(blob);
      }));

  it('shows the public half of an encrypted file, and no key for a wrong passphrase', () =>
    inSandbox(async (dir) => {
      const path = await makeKey(dir, 'key', ['-t', 'ed25519', '-a', '2'], 'secret');
      const file = readPrivateKeyFile(await readFile(path, 'utf8'));
      expect([file?.encrypted, file?.publicKey?.type]).to.deep.equal([true, 'ssh-ed25519']);
      expect(await file?.open('wrong')).to.equal(undefined);
      expect((await file?.open('secret'))?.type).to.equal('private');
    }));

  it('is none, or a damaged one', () =>
    inSandbox(async (dir) => {
      expect(readPrivateKeyFile('ssh-ed25519 AAAA x')).to.equal(undefined);
      const text = await readFile(await makeKey(dir, 'key'), 'utf8');
      const at = text.indexOf('\n') + 1;
      expect(() => readPrivateKeyFile(text.slice(0, at) + 'AAAA' + text.slice(at))).to.throw(WireError);
      const pem = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
      expect(() => readPrivateKeyFile(pem)).to.throw(WireError, 'holds no private key that can be read');
    }));
});
