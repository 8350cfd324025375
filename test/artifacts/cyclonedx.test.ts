import { expect } from 'chai';
import fc from 'fast-check';
import { cyclonedx, packageUrl } from '../../src/artifacts/cyclonedx.ts';
import type { InstalledPackage } from '../../src/artifacts/package.ts';
import { anyText } from '../support/any-text.ts';

const subject = {
  name: 'node-a',
  time: '2026-11-22T04:15:00.000Z',
  system: new Map([
    ['ID', 'debian'],
    ['VERSION_ID', '12'],
    ['PRETTY_NAME', 'Debian GNU/Linux 12'],
  ]),
  tool: { name: 'kubectl-ir', version: 'v1' },
};
const libc: InstalledPackage = {
  manager: 'dpkg',
  name: 'libc6',
  version: '1:2.36-9+deb12u4~x',
  architecture: 'amd64',
  source: 'glibc',
  sourceVersion: '2.36-1',
};

describe('packageUrl', () => {
  it('has an epoch where each type has it', () => {
    expect(packageUrl(libc, 'debian', '12')).to.equal(
      'pkg:deb/debian/libc6@1:2.36-9%2Bdeb12u4~x?arch=amd64&distro=debian-12&upstream=glibc%402.36-1',
    );
    expect(
      packageUrl(
        { manager: 'rpm', name: 'bash', version: '1:5.2-3.fc38', architecture: 'x86_64' },
        'fedora',
        '38',
      ),
    ).to.equal('pkg:rpm/fedora/bash@5.2-3.fc38?arch=x86_64&distro=fedora-38&epoch=1');
  });

  it('holds no character that would end one of its parts, whatever a package is called', () => {
    fc.assert(
      fc.property(anyText(), anyText(), (name, version) => {
        const url = packageUrl({ manager: 'apk', name, version, architecture: 'x' }, 'alpine', '3');
        expect(url).to.match(/^pkg:apk\/alpine\/[^/@?#]*@[^/@?#]*\?arch=x&distro=alpine-3$/);
      }),
    );
  });
});

describe('cyclonedx', () => {
  it('lists the system and what is installed on it, each once', () => {
    const made = cyclonedx(
      [libc, libc, { ...libc, name: 'gone', state: 'deinstall ok config-files' }],
      subject,
    );
    expect(made).to.deep.include({ bomFormat: 'CycloneDX', specVersion: '1.5' });
    expect(made).to.have.property('components').with.length(2);
    expect(made).to.have.deep.nested.property('components[0]', {
      type: 'operating-system',
      'bom-ref': 'system',
      name: 'debian',
      version: '12',
      description: 'Debian GNU/Linux 12',
    });
    expect(made).to.have.nested.property('components[1].name', 'libc6');
  });
});
