import { expect } from 'chai';
import type { Malformed } from '../../src/artifacts/lines.ts';
import { containerOfItem, inContainer, type InstalledPackage } from '../../src/artifacts/package.ts';

describe('packages of a container', () => {
  const one = { manager: 'apk', name: 'musl', version: '1', architecture: '' } as const;

  it('have its id, and their files are left out', () => {
    const record: InstalledPackage = {
      ...one,
      files: [{ package: 'musl', path: Buffer.from('/lib/x'), algorithm: 'sha1', digest: '' }],
    };
    const bad: Malformed = { malformed: 'no package', offset: 3 };
    const name = Buffer.from('live_response/containers/a1/root/lib/apk/db/installed');
    expect([...inContainer([record, bad], name)]).to.deep.equal([{ container: 'a1', ...one }, bad]);
    expect([...inContainer([record], Buffer.from('[root]/lib/apk/db/installed'))]).to.deep.equal([one]);
  });

  it('are told by the name of the item alone', () => {
    expect(containerOfItem('live_response/containers/a1/root/etc/os-release')).to.equal('a1');
    for (const name of [
      'live_response/containers//root/x',
      'x/live_response/containers/a/root/y',
      'live_response/containers/a/b/root/x',
    ])
      expect(containerOfItem(name), name).to.equal(undefined);
  });
});
