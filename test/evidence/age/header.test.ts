import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { formatHeader, parseHeader, unwrapFileKey } from '../../../src/evidence/age/header.ts';
import { identityOf } from '../../../src/evidence/age/keys.ts';

const fileKey = randomBytes(16);
const us = identityOf(randomBytes(32));
const them = identityOf(randomBytes(32));
const bytes = formatHeader(fileKey, [us.recipient, them.recipient], () => randomBytes(32));

describe('age header', () => {
  it('gives the file key to each recipient and to nobody else', () => {
    const header = parseHeader(Buffer.concat([bytes, randomBytes(100)]));
    expect(header.length).to.equal(bytes.length);
    for (const identity of [us, them]) expect(unwrapFileKey(header, [identity])).to.deep.equal(fileKey);
    expect(unwrapFileKey(header, [identityOf(randomBytes(32))])).to.equal(undefined);
  });

  it('cannot be altered in any byte by anyone without the file key', () => {
    for (let at = 0; at < bytes.length; at += 1) {
      const altered = Buffer.from(bytes);
      altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
      const open = (): unknown => unwrapFileKey(parseHeader(altered), [them]);
      try {
        expect(open(), `byte ${at}`).to.equal(undefined);
      } catch (error) {
        expect(String(error)).to.match(/^Error: .*(damaged|altered|not of age|derivation)/);
      }
    }
  });

  it('refuses a recipient whose secret everyone knows', () => {
    expect(() => formatHeader(fileKey, [Buffer.alloc(32)], () => randomBytes(32))).to.throw();
  });
});
