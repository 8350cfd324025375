import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import {
  encodePublicKey,
  fingerprint,
  keyWord,
  parsePublicKey,
  parsePublicKeyLine,
} from '../../../src/evidence/signature/ssh-public-key.ts';
import { sshString, WireError } from '../../../src/evidence/signature/ssh-wire.ts';
import { inSandbox, run } from '../sandbox.ts';
import { kinds, makeKey } from './keys.ts';

describe('SSH public key', () => {
  for (const [kind, args] of kinds)
    it(`reads and writes ${kind}, and has the fingerprint of ssh-keygen`, () =>
      inSandbox(async (dir) => {
        const path = await makeKey(dir, 'key', args);
        const read = parsePublicKeyLine(await readFile(`${path}.pub`, 'utf8'));
        expect(read?.comment).to.equal('key@example.org');
        expect(read && encodePublicKey(read.key.key)).to.deep.equal(read?.key.blob);
        const listed = await run('ssh-keygen', ['-l', '-f', `${path}.pub`]);
        expect(listed.split(' ')[1]).to.equal(fingerprint(read?.key.blob ?? Buffer.alloc(0)));
        expect(keyWord(read?.key.type ?? '')).to.equal(kind.split(' ')[0]);
      }));

  it('names hardware keys by what they are', () => {
    expect(keyWord('sk-ssh-ed25519@openssh.com')).to.equal('sk-ed25519');
    expect(keyWord('sk-ecdsa-sha2-nistp256@openssh.com')).to.equal('sk-ecdsa');
  });

  for (const [what, blob] of [
    ['nothing', Buffer.alloc(0)],
    ['another type', sshString('ssh-dss')],
    ['a short key', Buffer.concat([sshString('ssh-ed25519'), sshString('short')])],
    [
      'a point that is not on the curve',
      Buffer.concat([
        sshString('ecdsa-sha2-nistp256'),
        sshString('nistp256'),
        sshString(Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)])),
      ]),
    ],
    [
      'more behind the key',
      Buffer.concat([sshString('ssh-ed25519'), sshString(Buffer.alloc(32, 9)), sshString('')]),
    ],
  ] as const)
    it(`refuses ${what}`, () => {
      expect(() => parsePublicKey(blob)).to.throw(WireError);
    });

  it('takes no line for a key that is none, and no key for another type than it says', () => {
    expect(parsePublicKeyLine('hello')).to.equal(undefined);
    const blob = Buffer.concat([sshString('ssh-ed25519'), sshString(Buffer.alloc(32, 9))]);
    expect(() => parsePublicKeyLine(`ssh-rsa ${blob.toString('base64')}`)).to.throw(
      'says ssh-rsa and holds a key of type ssh-ed25519',
    );
  });
});
