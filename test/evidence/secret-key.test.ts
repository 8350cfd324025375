import { createHash, createHmac } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { SecretKey, withoutDigest } from '../../src/evidence/secret-key.ts';
import { memoryIo } from '../support/memory-io.ts';
import { inSandbox } from './sandbox.ts';

const digest = createHash('sha256').update('hunter2').digest('hex');
const end = { outcome: 'skipped', length: 0, detail: `secret sha256 ${digest}` } as const;

describe('SecretKey', () => {
  it('puts an HMAC where a digest stood, under a key that only its user can read', () =>
    inSandbox(async (dir) => {
      const key = new SecretKey(memoryIo({ env: { XDG_STATE_HOME: dir } }), '../evil case');
      expect(await key.conceal({ ...end, detail: 'nothing came' })).to.include({ detail: 'nothing came' });
      expect(key.path).to.equal(undefined);
      const concealed = await key.conceal(end);
      expect(key.path?.startsWith(join(dir, 'kubectl-ir/'))).to.equal(true);
      const hex = (await readFile(key.path ?? '', 'utf8')).trim();
      const hmac = createHmac('sha256', Buffer.from(hex, 'hex')).update(digest).digest('hex');
      expect(concealed).to.deep.equal({ ...end, detail: `secret, hmac-sha256 ${hmac}` });
      expect((await stat(key.path ?? '')).mode & 0o777).to.equal(0o600);
      expect(await key.conceal(end)).to.deep.equal(concealed);
    }));

  it('never lets the digest through, with or without a place for the key', async () => {
    for (const env of [{}, { HOME: import.meta.filename }]) {
      const key = new SecretKey(memoryIo({ env }), 'case');
      expect(await key.conceal(end)).to.deep.equal({ ...end, detail: 'secret' });
      expect(key.failure).to.be.a('string');
    }
    expect(withoutDigest(end)).to.deep.equal({ ...end, detail: 'secret' });
  });
});
