import { expect } from 'chai';
import { parseShadow } from '../../src/artifacts/shadow.ts';
import { survivesHostileBytes, survivesLongLines } from './hostile.ts';

const sample = `root:$y$j9T$SALT$HASHHASH:20000:0:99999:7:::
jo:!$6$SALT$HASHHASH:20001::::::
daemon:*:19000:0:99999:7::20500:
open::::::::
old:ABCDEFGHIJKLM:1::::::
bad
`;

describe('parseShadow', () => {
  it('says of each account what its password is, and gives no hash', () => {
    const read = [...parseShadow(Buffer.from(sample))];
    expect(read).to.deep.equal([
      { name: Buffer.from('root'), state: 'set', method: 'yescrypt', changed: '2024-10-04' },
      { name: Buffer.from('jo'), state: 'locked', method: 'sha512', changed: '2024-10-05' },
      { name: Buffer.from('daemon'), state: 'disabled', changed: '2022-01-08', expires: '2026-02-16' },
      { name: Buffer.from('open'), state: 'none' },
      { name: Buffer.from('old'), state: 'set', method: 'des', changed: '1970-01-02' },
      { malformed: 'no line of the shadow file', offset: sample.indexOf('bad') },
    ]);
    expect(JSON.stringify(read)).not.to.match(/HASH|SALT|ABCDEF/);
  });

  it('does not know a method that is called like something of every object', () =>
    expect([...parseShadow(Buffer.from('jo:$constructor$x:1::::::'))]).to.have.deep.nested.property(
      '[0].method',
      'unknown',
    ));

  it('ends soon on long lines', () => survivesLongLines(parseShadow, 'a:$'));

  it('survives hostile bytes', () => survivesHostileBytes(parseShadow, sample));
});
