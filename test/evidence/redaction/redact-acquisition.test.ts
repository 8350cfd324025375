import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openAcquisition } from '../../../src/evidence/reader.ts';
import { Placeholders } from '../../../src/evidence/redaction/placeholder.ts';
import { redactAcquisition } from '../../../src/evidence/redaction/redact-acquisition.ts';
import { inSandbox } from '../sandbox.ts';
import { secretCase, secrets } from './lab.ts';

describe('redactAcquisition', () => {
  it('writes the same items, those with secrets redacted, the others byte for byte', () =>
    inSandbox(async (dir) => {
      await secretCase(join(dir, 'case'));
      const parent = join(dir, 'case/data/acquisitions');
      const from = join(parent, (await readdir(parent))[0] ?? '');
      const to = join(dir, 'to');
      await mkdir(to);
      const placeholders = new Placeholders(Buffer.alloc(32, 7));
      const made = await redactAcquisition(from, to, placeholders, undefined);
      expect(made).to.include({ outcome: 'complete', items: 3 });
      const [before, after] = [await openAcquisition(from), await openAcquisition(to)];
      expect(after.items.map(({ name, outcome }) => [name, outcome])).to.deep.equal(
        before.items.map(({ name, outcome }) => [name, outcome]),
      );
      expect(after.info.items.sensitive).to.equal(0);
      for (const [at, item] of after.items.entries()) {
        const old = before.items[at];
        if (old === undefined) throw new Error('an item is missing');
        expect(item.redacted === true).to.equal(old.sensitive === true);
        if (item.redacted !== true) expect(item.sha256).to.equal(old.sha256);
      }
      const tar = await readFile(join(to, after.info.tar.name));
      for (const secret of secrets) expect(tar.includes(secret), secret).to.equal(false);
      const environ = after.items.find(({ name }) => name.endsWith('environ'));
      const log = after.items.find(({ name }) => name.endsWith('app.log'));
      if (environ === undefined || log === undefined) throw new Error('an item is missing');
      const password = placeholders.of(Buffer.from(secrets[0]));
      expect((await after.bytes(environ, 1000)).toString()).to.contain(`DB_PASSWORD=${password}\0`);
      expect((await after.bytes(log, 1000)).toString()).to.equal(`start\npassword=${password}\nend\n`);
    }));
});
