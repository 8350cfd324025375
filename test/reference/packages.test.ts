import { createHash } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseDpkgStatus, parsePackageSums } from '../../src/artifacts/dpkg.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';

const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };

describe('packages and dpkg', () => {
  it('agree on what is installed on this machine', () => {
    const format = '${Package}|${Version}|${Architecture}|${source:Package}|${Status}\\n';
    const printed = execFileSync('dpkg-query', ['-W', '-f', format], { env, maxBuffer: 1 << 26 }).toString();
    const ours = [...parseDpkgStatus(readFileSync('/var/lib/dpkg/status'))].map((one) => {
      if (isMalformed(one)) throw new Error(one.malformed);
      const { name, version, architecture, source = name, state = 'install ok installed' } = one;
      return `${name}|${version}|${architecture}|${source}|${state}`;
    });
    expect(ours.sort()).to.deep.equal(printed.trim().split('\n').sort());
  });

  it('agree on which files of a package are not what they should be', () => {
    const root = mkdtempSync(join(tmpdir(), 'reference-'));
    try {
      // A package of our own that dpkg itself installs into a directory.
      const source = join(root, 'source');
      mkdirSync(join(source, 'DEBIAN'), { recursive: true });
      mkdirSync(join(source, 'usr/share/probe of it'), { recursive: true });
      const files = ['kept', 'changed', 'gone', 'with two words'].map(
        (name) => `usr/share/probe of it/${name}`,
      );
      for (const name of files) writeFileSync(join(source, name), `content of ${name}`);
      const sums = files.map((name) => `${md5(Buffer.from(`content of ${name}`))}  ${name}\n`).join('');
      writeFileSync(join(source, 'DEBIAN/md5sums'), sums);
      writeFileSync(
        join(source, 'DEBIAN/control'),
        'Package: probe\nVersion: 1:2.0-1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: probe\n',
      );
      const target = join(root, 'root');
      mkdirSync(join(target, 'var/lib/dpkg'), { recursive: true });
      for (const name of ['status', 'available']) writeFileSync(join(target, 'var/lib/dpkg', name), '');
      for (const name of ['updates', 'info', 'triggers']) mkdirSync(join(target, 'var/lib/dpkg', name));
      const deb = join(root, 'probe.deb');
      execFileSync('dpkg-deb', ['--root-owner-group', '-b', source, deb], { env, stdio: 'ignore' });
      execFileSync('dpkg', [`--root=${target}`, '--force-not-root', '--log=/dev/null', '-i', deb], {
        env,
        stdio: 'ignore',
      });
      appendFileSync(join(target, files[1] ?? ''), 'more');
      rmSync(join(target, files[2] ?? ''));
      const printed = spawnSync('dpkg', [`--root=${target}`, '-V', 'probe'], { env }).stdout.toString();
      const theirs = printed
        .split('\n')
        .filter(Boolean)
        .map((line) => line.replace(/^\S+ +(?:missing +)?/, '').replace(/^missing +/, ''));
      const [listed = ''] = globSync(join(target, 'var/lib/dpkg/info/*.md5sums'));
      const ours = [...parsePackageSums(readFileSync(listed), Buffer.from(listed))].flatMap((one) => {
        if (isMalformed(one)) throw new Error(one.malformed);
        expect(one.package).to.equal('probe');
        return digestOf(join(target, String(one.path))) === one.digest ? [] : [String(one.path)];
      });
      expect(ours).to.have.length(2);
      expect(ours.sort()).to.deep.equal(theirs.map((path) => path.replace(/^(?:missing)?\s*/, '')).sort());
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}

function digestOf(path: string): string | undefined {
  try {
    return md5(readFileSync(path));
  } catch {
    return undefined;
  }
}
