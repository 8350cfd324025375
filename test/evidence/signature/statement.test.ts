import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { isStatement, signatureFile, statementText } from '../../../src/evidence/signature/statement.ts';
import { inSandbox, run } from '../sandbox.ts';

const tagManifests = new Map([
  ['tagmanifest-sha512.txt', Buffer.from('b')],
  ['tagmanifest-sha256.txt', Buffer.from('a')],
]);

describe('statement', () => {
  it('names case, custody and tag manifests, and sha256sum checks it', () =>
    inSandbox(async (dir) => {
      const text = statementText({ name: 'ir-x', custodyHead: 'c0ffee', tagManifests });
      expect(text.split('\n').slice(1)).to.deep.equal([
        '# case ir-x',
        '# custody c0ffee',
        'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  tagmanifest-sha256.txt',
        '3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d  tagmanifest-sha512.txt',
        '',
      ]);
      await mkdir(join(dir, 'signature'));
      await writeFile(join(dir, 'signature/statement.txt'), text);
      for (const [name, content] of tagManifests) await writeFile(join(dir, name), content);
      await run('sha256sum', ['--strict', '--quiet', '-c', 'signature/statement.txt'], dir);
    }));

  it('is known by its first line', () => {
    const text = statementText({ name: undefined, custodyHead: undefined, tagManifests });
    expect(isStatement(Buffer.from(text))).to.equal(true);
    expect(isStatement(Buffer.from('# something else\n'))).to.equal(false);
  });

  it('has one file for each key', () => {
    expect(signatureFile('rsa', Buffer.from('key'))).to.equal('signature/rsa-2c70e12b7a0646f9.sig');
  });
});
