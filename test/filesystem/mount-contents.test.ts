import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isListed, MountListing, parseEntries } from '../../src/filesystem/mount-contents.ts';
import { readMounts } from '../../src/filesystem/mounts.ts';
import { localNode, MemorySink } from '../collector/local-node.ts';
import { localCollector } from './local-collector.ts';

const mounts = (text: string): ReturnType<typeof readMounts> => readMounts(Buffer.from(text));

describe('the mounts whose content is listed', () => {
  const pods = '/var/lib/kubelet/pods/u/volumes';
  for (const [what, line, nodePath, listed] of [
    ['memory', '1 0 0:9 / /cache rw - tmpfs t rw', undefined, true],
    ['an emptyDir on disk', `1 0 8:1 ${pods}/kubernetes.io~empty-dir/v /v rw - ext4 d rw`, undefined, true],
    [
      'an emptyDir on a disk of its own',
      '1 0 8:1 /x /v rw - xfs d rw',
      `${pods}/kubernetes.io~empty-dir/v`,
      true,
    ],
    ['a Secret', '1 0 0:9 / /tls rw - tmpfs t rw', `${pods}/kubernetes.io~secret/tls`, false],
    ['a token', '1 0 0:9 / /var/run/secrets/kubernetes.io/serviceaccount rw - tmpfs t rw', undefined, false],
    ['a claim', `1 0 8:1 ${pods}/kubernetes.io~csi/v/mount /v rw - ext4 d rw`, undefined, false],
    ['the network', '1 0 0:50 / /nfs rw - nfs4 s rw', undefined, false],
    ['FUSE', '1 0 0:50 / /f rw - fuse.x s rw', undefined, false],
    ['what the runtime masks', '1 0 0:9 / /proc/acpi rw - tmpfs t rw', undefined, false],
  ] as const)
    it(`${listed ? 'are' : 'are not'} ${what}`, () =>
      expect(mounts(`${line}\n`).map((mount) => isListed(mount, nodePath))).to.deep.equal([listed]));
});

describe('the content of a mount', () => {
  it('is what changed since, with hostile names, and not another device', async function () {
    this.timeout(60_000);
    const directory = mkdtempSync(join(tmpdir(), 'kubectl-ir-mounts-'));
    const node = localNode('/.');
    try {
      const volume = join(directory, 'volume');
      mkdirSync(join(volume, 'd'), { recursive: true });
      writeFileSync(join(volume, 'd/new\nline'), 'abc');
      symlinkSync('/etc/shadow', join(volume, 'link'));
      const { dev } = statSync(volume, { bigint: true });
      const device = `${Number((dev >> 8n) & 0xfffn)}:${Number((dev & 0xffn) | ((dev >> 12n) & 0xfff00n))}`;
      const [own, foreign] = mounts(
        `1 0 ${device} / /data rw - ext4 d rw\n2 0 9:99 / /other rw - ext4 d rw\n`,
      );
      if (own === undefined || foreign === undefined) throw new Error('no mounts');
      const list = [own, foreign].map((mount) => ({ mount, nodePath: volume, pid: 0 }));
      const id = 'a'.repeat(64);
      const since = async (time: bigint): Promise<ReturnType<MountListing['contents']>> => {
        const listing = new MountListing(id, list, time, new MemorySink());
        await listing.collect(localCollector(node), new AbortController().signal);
        return listing.contents();
      };
      const contents = await since(0n);
      const paths = contents.get(own)?.entries.map(({ path, target }) => [path, target]);
      expect(paths?.sort()).to.deep.equal([
        ['/data/d', undefined],
        ['/data/d/new\\x0aline', undefined],
        ['/data/link', '/etc/shadow'],
      ]);
      expect(contents.get(own)).to.include({ newer: 3, readFrom: 'node' });
      expect(contents.has(foreign)).to.equal(false);
      const later = BigInt(Date.now() + 60_000) * 1_000_000n;
      expect((await since(later)).get(own)).to.include({ newer: 0 });
    } finally {
      node.remove();
      rmSync(directory, { recursive: true });
    }
  });
  it('is all there beside a file whose time is beyond every calendar', async function () {
    this.timeout(60_000);
    const volume = mkdtempSync('/dev/shm/kubectl-ir-mounts-');
    const node = localNode('/.');
    try {
      for (let i = 0; i < 100; i += 1) writeFileSync(join(volume, `f${i}`), 'x');
      const far = 'import os, sys; os.utime(sys.argv[1], (1, 9223372036854775807))';
      execFileSync('/usr/bin/python3', ['-c', far, join(volume, 'f50')]);
      const { dev } = statSync(volume);
      const device = `${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`;
      const [own] = mounts(`1 0 ${device} / /cache rw - tmpfs t rw\n`);
      if (own === undefined) throw new Error('no mounts');
      const list = [{ mount: own, nodePath: volume, pid: 0 }];
      const listing = new MountListing('a'.repeat(64), list, 0n, new MemorySink());
      await listing.collect(localCollector(node), new AbortController().signal);
      expect(listing.contents().get(own)?.newer).to.equal(100);
    } finally {
      node.remove();
      rmSync(volume, { recursive: true });
    }
  });
  it('is not taken from half a record', () => {
    expect(parseEntries('@t>entries\n81ed|0|0', '/d', '@t')).to.deep.equal([]);
    expect(parseEntries('', '/d', '@t')).to.deep.equal([]);
  });
});
