import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { JsonObject } from '../../../src/artifacts/json.ts';
import { helmRevision, isReleaseName } from '../../../src/incident/change/helm-record.ts';
import { anObject, helmSecret } from './change-lab.ts';

function secretOf(bytes: Buffer): JsonObject {
  const release = Buffer.from(bytes.toString('base64')).toString('base64');
  return anObject('v1', 'Secret', 's', { data: { release } });
}

describe('helmRevision', () => {
  it('reads a record out of a Secret and out of a ConfigMap', () => {
    const secret = helmSecret(3, 5);
    const revision = helmRevision(secret);
    expect(revision).to.deep.include({
      namespace: 'prod',
      release: 'shop',
      revision: 3,
      status: 'superseded',
      chart: 'shop',
      version: '1.3.0',
      deployed: '2026-11-22T04:05:00.25Z',
    });
    const once = Buffer.from(String((secret['data'] as JsonObject)['release']), 'base64').toString();
    const map = anObject('v1', 'ConfigMap', 'sh.helm.release.v1.shop.v3', { data: { release: once } });
    expect(helmRevision(map)?.revision).to.equal(3);
  });

  it('takes what is no record for none, and unpacks no bomb', () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20));
    for (const object of [
      {},
      anObject('v1', 'Secret', 's', { data: { release: 1 } }),
      anObject('v1', 'Secret', 's', { data: { release: '' } }),
      secretOf(Buffer.from('{')),
      secretOf(Buffer.from([0x1f, 0x8b, 0x08, 1, 2, 3])),
      secretOf(bomb),
      helmSecret(1, 0, { name: '$(reboot)' }),
      helmSecret(1, 0, { version: -1 }),
      helmSecret(1, 0, { version: '1; reboot' }),
      helmSecret(1, 0, { info: { last_deployed: 'x' }, name: 7 }),
    ])
      expect(helmRevision(object)).to.equal(undefined);
    expect(helmRevision(helmSecret(1, 0, { chart: 1, config: [], manifest: {} }))).to.deep.include({
      chart: '',
      values: {},
      manifest: '',
    });
  });

  it('knows names of releases', () => {
    expect(['shop', 'a.b-c', '-a', 'a b', 'A', '', 'a'.repeat(54)].map(isReleaseName)).to.deep.equal([
      ...[true, true, false, false, false, false, false],
    ]);
  });
});
