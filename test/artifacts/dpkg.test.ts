import { expect } from 'chai';
import { parseDpkgStatus, parsePackageSums } from '../../src/artifacts/dpkg.ts';
import { survivesHostileBytes } from './hostile.ts';

const status = `Package: libc6
Status: install ok installed
Maintainer: GNU Libc Maintainers <x@example.org>
Architecture: amd64
Source: glibc (2.36-1)
Version: 2.36-9
Description: a
 Version: 9
Conffiles:
 /etc/a 0123

Package: gone
Status: deinstall ok config-files
Architecture: all
Version: 1

Status: install ok installed

Package: last
Version: 3\u001b[2J
garbage
`;
const sums = `d41d8cd98f00b204e9800998ecf8427e  usr/bin/a b
d41d8cd98f00b204e9800998ecf8427e  ./usr/bin/c
x
`;

describe('parseDpkgStatus', () => {
  it('reads packages; a continued line is no field', () =>
    expect([...parseDpkgStatus(Buffer.from(status))]).to.deep.equal([
      {
        manager: 'dpkg',
        name: 'libc6',
        version: '2.36-9',
        architecture: 'amd64',
        source: 'glibc',
        sourceVersion: '2.36-1',
        vendor: 'GNU Libc Maintainers <x@example.org>',
      },
      {
        manager: 'dpkg',
        name: 'gone',
        version: '1',
        architecture: 'all',
        state: 'deinstall ok config-files',
      },
      { malformed: 'no package', offset: status.indexOf('Status: install ok installed\n\nPackage: last') },
      { malformed: 'no field of a package', offset: status.indexOf('garbage') },
      { manager: 'dpkg', name: 'last', version: '3\u001b[2J', architecture: '' },
    ]));

  it('survives hostile bytes', () => survivesHostileBytes(parseDpkgStatus, status));
});

describe('parsePackageSums', () => {
  const path = Buffer.from('[root]/var/lib/dpkg/info/libc6:amd64.md5sums');

  it('reads the files of a package', () =>
    expect([...parsePackageSums(Buffer.from(sums), path)]).to.deep.equal([
      ...['/usr/bin/a b', '/usr/bin/c'].map((file) => ({
        package: 'libc6',
        path: Buffer.from(file),
        algorithm: 'md5',
        digest: 'd41d8cd98f00b204e9800998ecf8427e',
      })),
      { malformed: 'no line of sums', offset: sums.indexOf('x\n') },
    ]));

  it('survives hostile bytes', () => survivesHostileBytes((bytes) => parsePackageSums(bytes, path), sums));
});
