import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  formatRecipient,
  identityOf,
  parseIdentities,
  parseRecipient,
  parseRecipients,
} from '../../../src/evidence/age/keys.ts';
import { run } from '../sandbox.ts';

describe('age keys', () => {
  it('are those of age-keygen', async () => {
    const text = await run('age-keygen', []);
    const identities = parseIdentities(text);
    const identity = typeof identities === 'string' ? undefined : identities[0];
    const named = /age1[a-z0-9]+/.exec(text)?.[0] ?? '';
    expect(parseRecipient(named)).to.deep.equal(identity?.recipient);
    expect(formatRecipient(identity?.recipient ?? Buffer.alloc(0))).to.equal(named);
  });

  it('are refused with any character changed', () => {
    const text = formatRecipient(identityOf(randomBytes(32)).recipient);
    fc.assert(
      fc.property(
        fc.nat({ max: text.length - 1 }),
        fc.constantFrom('a', 'c', 'q', 'z', '0', 'b'),
        (at, to) => {
          fc.pre(text[at] !== to);
          expect(parseRecipient(text.slice(0, at) + to + text.slice(at + 1))).to.equal(undefined);
        },
      ),
    );
    expect(parseRecipient(text.toUpperCase())).to.equal(undefined);
    expect(parseRecipient(`${text} `)).to.equal(undefined);
  });

  it('stand one per line in files, and a wrong line is named', () => {
    const one = formatRecipient(identityOf(randomBytes(32)).recipient);
    const two = formatRecipient(identityOf(randomBytes(32)).recipient);
    expect(parseRecipients(`# the team\n${one}\r\n\n${two}\n`)).to.have.length(2);
    expect(parseRecipients(`${one}\nssh-ed25519 AAAA\n`)).to.equal(
      'line 2 is not an X25519 recipient (age1…)',
    );
    expect(parseRecipients('# nobody\n')).to.equal('it holds not an X25519 recipient (age1…)');
    expect(parseIdentities(one)).to.equal('line 1 is not an X25519 identity (AGE-SECRET-KEY-1…)');
  });
});
