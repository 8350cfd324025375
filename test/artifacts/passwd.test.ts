import { expect } from 'chai';
import fc from 'fast-check';
import { parsePasswd } from '../../src/artifacts/passwd.ts';

describe('parsePasswd', () => {
  it('reads accounts, keeps bytes, tells broken lines', () => {
    const text = `root:x:0:0:root:/root:/bin/bash
# comment

toor::0:0:\xff:/:
+nis
big:x:4294967294:4294967294::/:/bin/false
neg:x:-1:0::/:/bin/sh
`;
    const accounts = [...parsePasswd(Buffer.from(text, 'latin1'))];
    expect(
      accounts.map((one) => ('malformed' in one ? one.malformed : [String(one.name), one.uid])),
    ).to.deep.equal([
      ['root', 0],
      ['toor', 0],
      'not seven fields',
      ['big', 4294967294],
      'uid or gid is no number',
    ]);
    expect(accounts[1]).to.deep.include({
      password: Buffer.from(''),
      comment: Buffer.from([0xff]),
      shell: Buffer.from(''),
    });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        Array.from(parsePasswd(Buffer.from(data)));
      }),
    );
  });
});
