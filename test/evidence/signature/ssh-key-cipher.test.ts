import { expect } from 'chai';
import { decryptKey } from '../../../src/evidence/signature/ssh-key-cipher.ts';
import { sshString, sshUint32, WireError } from '../../../src/evidence/signature/ssh-wire.ts';
import { failureOf } from '../../support/failure.ts';

const none = Buffer.alloc(0);
const kdfOptions = Buffer.concat([sshString('salt of 16 bytes'), sshUint32(1)]);

describe('cipher of a key file', () => {
  it('gives nothing for a wrong passphrase where the cipher can tell', async () => {
    const encryption = { cipher: 'aes256-gcm@openssh.com', kdf: 'bcrypt', kdfOptions };
    expect(await decryptKey(encryption, Buffer.alloc(16), Buffer.alloc(16), 'wrong')).to.equal(undefined);
  });

  for (const [what, encryption, message] of [
    [
      'a cipher',
      { cipher: 'chacha20-poly1305@openssh.com', kdf: 'bcrypt', kdfOptions },
      'is encrypted with chacha20-poly1305@openssh.com and bcrypt, which are not known here',
    ],
    [
      'a name that only looks like a cipher',
      { cipher: 'toString', kdf: 'bcrypt', kdfOptions },
      'is encrypted with toString and bcrypt, which are not known here',
    ],
    [
      'parameters',
      { cipher: 'aes256-ctr', kdf: 'bcrypt', kdfOptions: Buffer.concat([sshString('salt'), sshUint32(0)]) },
      'has wrong parameters of its passphrase',
    ],
  ] as const)
    it(`refuses ${what} that it does not know`, async () => {
      const failure = await failureOf(decryptKey(encryption, none, none, 'x'));
      expect(failure).to.be.instanceOf(WireError);
      expect(failure.message).to.equal(message);
    });
});
