import { expect } from 'chai';
import { parseAllowedSigners, standingOf } from '../../../src/evidence/signature/allowed-signers.ts';
import { parsePublicKey } from '../../../src/evidence/signature/ssh-public-key.ts';
import { sshString } from '../../../src/evidence/signature/ssh-wire.ts';
import { OperationError } from '../../../src/output/errors.ts';

const blob = (fill: number): Buffer =>
  Buffer.concat([sshString('ssh-ed25519'), sshString(Buffer.alloc(32, fill))]);
const key = `ssh-ed25519 ${blob(9).toString('base64')}`;
const now = Date.UTC(2026, 10, 22, 4, 15);

function standing(text: string, namespace = 'kubectl-ir', at = now): string {
  const found = standingOf(parseAllowedSigners(text, 'F'), parsePublicKey(blob(9)), namespace, at);
  return 'principals' in found ? `${found.standing} ${found.principals}` : found.standing;
}

describe('allowed signers', () => {
  for (const [line, expected] of [
    [`jane@example.org ${key} a comment`, 'known jane@example.org'],
    [`jane,*@example.org ${key}`, 'known jane,*@example.org'],
    [`* ${key}`, 'known *'],
    [`* namespaces="*" ${key}`, 'known *'],
    [`"Jane Doe" ${key}`, 'known Jane Doe'],
    [`jane ssh-ed25519 ${blob(8).toString('base64')}`, 'unknown'],
    ['', 'unknown'],
    [`# jane ${key}\n\n  \r\njane ${key}\r`, 'known jane'],
    [`jane namespaces="kubectl-ir" ${key}`, 'known jane'],
    [`jane NAMESPACES="file,kubectl-*" ${key}`, 'known jane'],
    [`jane namespaces="*,!kubectl-ir" ${key}`, 'namespace jane'],
    [`jane namespaces=file ${key}`, 'namespace jane'],
    [`jane valid-after="20261122Z",valid-before="20261123Z" ${key}`, 'known jane'],
    [`jane valid-after="20261123Z" ${key}`, 'early jane'],
    [`jane valid-before="202611220414Z" ${key}`, 'expired jane'],
    [`jane valid-before="20261122041459Z" ${key}`, 'expired jane'],
    [`jane valid-before=20270101 ${key}`, 'known jane'],
    [`jane valid-before="20251122Z" ${key}\njohn ${key}`, 'known john'],
  ] as const)
    it(`says ${expected} of: ${line.replaceAll(key, 'KEY').replaceAll('\n', ' | ')}`, () => {
      expect(standing(line)).to.equal(expected);
    });

  for (const [line, message] of [
    [
      `*@example.org cert-authority ${key}`,
      'is a certificate authority, which is not supported; name the keys of the signers',
    ],
    [
      'jane ssh-ed25519-cert-v01@openssh.com AAAA',
      'holds a certificate, which is not supported; give the key itself',
    ],
    [`jane valid-before=20260101Z,valid-before=20280101Z ${key}`, 'has the option valid-before twice'],
    [`jane no-pty ${key}`, 'has the option no-pty, which is not known'],
    [`jane valid-after=tomorrow ${key}`, 'has the time tomorrow, which is none'],
    [`jane valid-after=20260230Z ${key}`, 'has the time 20260230Z, which is none'],
    [`jane valid-before ${key}`, 'has an empty time, which is none'],
    [key, 'is no line of an allowed-signers file'],
    ['jane ssh-dss AAAAB3NzaC1kc3M=', 'is a key of type ssh-dss, which is not known here'],
    ['jane ssh-ed25519 AAAA', 'ends too early'],
    ['jane \u001b[2J', 'is no line of an allowed-signers file'],
  ] as const)
    it(`refuses: ${line.replaceAll(key, 'KEY').replaceAll('\u001b', 'ESC')}`, () => {
      expect(() => parseAllowedSigners(`jane ${key}\n${line}\n`, 'F')).to.throw(
        OperationError,
        `line 2 of F ${message}`,
      );
    });
});
