import { expect } from 'chai';
import { parseApk } from '../../src/artifacts/apk.ts';
import { survivesHostileBytes } from './hostile.ts';

const sample = `C:Q1qKcZ+j23xssAXmgQhkOO8dHnbWw=
P:alpine-baselayout
V:3.4.3-r1
A:x86_64
S:8911
o:alpine-baselayout
m:Natanael Copa <x@example.org>
t:1677573002
F:dev
F:etc
R:motd
Z:Q1SLkS9hBidUbPwwrw+XR0Whv3ww8=
R:fstab
a:0:0:640
Z:Q111ZhPfQZ3NN0C6jNSmdk3RkHvN4=

P:broken

P:last
V:1
bad
`;

describe('parseApk', () => {
  it('reads packages with the digests of their files', () => {
    const [first, broken, bad, last] = [...parseApk(Buffer.from(sample))];
    expect(first).to.deep.include({
      manager: 'apk',
      name: 'alpine-baselayout',
      version: '3.4.3-r1',
      architecture: 'x86_64',
      source: 'alpine-baselayout',
    });
    expect(first).to.have.deep.nested.property('files[0]', {
      package: 'alpine-baselayout',
      path: Buffer.from('/etc/motd'),
      algorithm: 'sha1',
      digest: Buffer.from('SLkS9hBidUbPwwrw+XR0Whv3ww8=', 'base64').toString('hex'),
    });
    expect(broken).to.deep.equal({ malformed: 'no package', offset: sample.indexOf('P:broken') });
    expect(bad).to.deep.equal({ malformed: 'no field of a package', offset: sample.indexOf('bad') });
    expect(last).to.deep.include({ name: 'last', files: [] });
  });

  it('survives hostile bytes', () => survivesHostileBytes(parseApk, sample));
});
