import { expect } from 'chai';
import { Placeholders } from '../../../src/evidence/redaction/placeholder.ts';
import { redactText } from '../../../src/evidence/redaction/redact-text.ts';
import { bytesOf, piecesOf } from '../sandbox.ts';

const placeholders = new Placeholders(Buffer.alloc(32, 7));
const p = (value: string | Buffer): string => placeholders.of(Buffer.from(value));

async function redact(text: string | Buffer, size: number): Promise<Buffer> {
  return bytesOf(redactText(piecesOf(Buffer.from(text), size), placeholders));
}

describe('redactText', () => {
  it('goes line by line, however the text comes, and keeps every other byte', async () => {
    const text = Buffer.concat([
      Buffer.from('one\r\npassword=x1y2\n\n'),
      Buffer.from([0xff, 0xfe, 10]),
      Buffer.from('token: abcd'),
    ]);
    const wanted = Buffer.concat([
      Buffer.from(`one\r\npassword=${p('x1y2')}\n\n`),
      Buffer.from([0xff, 0xfe, 10]),
      Buffer.from(`token: ${p('abcd')}`),
    ]);
    for (const size of [1, 3, 1000]) expect((await redact(text, size)).equals(wanted)).to.equal(true);
  });

  it('takes a line of JSON for an object', async () => {
    const line = (value: string): string =>
      `${JSON.stringify({ objectRef: { resource: 'secrets' }, requestObject: { data: { 'tls.key': value } } })}\n`;
    const text = await redact(`${line('a')}{no object\n{"é": 1}\n`, 1000);
    expect(text.toString()).to.equal(`${line(p('a'))}{no object\n{"é":1}\n`);
  });

  it('replaces the lines of a private key', async () => {
    const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIabc\nxyz\n-----END RSA PRIVATE KEY-----\nafter MIIabc\n';
    expect((await redact(key, 10)).toString()).to.equal(
      `-----BEGIN RSA PRIVATE KEY-----\n${p('MIIabc')}\n${p('xyz')}\n-----END RSA PRIVATE KEY-----\nafter MIIabc\n`,
    );
  });

  it('replaces a line that is too long as a whole', async () => {
    const long = 'a'.repeat(70_000);
    expect((await redact(`x\n${long}\ny`, 999)).toString()).to.equal(`x\n${p(long)}\ny`);
  });
});
