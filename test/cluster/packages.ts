import { access } from 'node:fs/promises';
import { OperationError } from '../../src/output/errors.ts';
import type { Io } from '../../src/output/io.ts';
import { attempt } from './run.ts';

/** A file that the cluster needs of the machine, and the Debian package that brings it. */
const needs: Readonly<Record<string, string>> = {
  '/usr/bin/containerd': 'containerd',
  '/usr/sbin/runc': 'runc',
  '/usr/lib/cni/bridge': 'containernetworking-plugins',
  '/usr/sbin/iptables': 'iptables',
  '/usr/sbin/nft': 'nftables',
  '/usr/sbin/ipset': 'ipset',
  '/usr/sbin/conntrack': 'conntrack',
  '/bin/ip': 'iproute2',
  '/bin/busybox': 'busybox-static',
  '/usr/bin/openssl': 'openssl',
  '/sbin/mkfs.ext4': 'e2fsprogs',
  '/usr/bin/getfattr': 'attr',
  '/sbin/setcap': 'libcap2-bin',
  '/usr/bin/curl': 'curl',
  '/usr/bin/nsenter': 'util-linux',
};

/** Debian packages that are missing here. */
export async function missingPackages(): Promise<string[]> {
  const missing = await Promise.all(
    Object.entries(needs).map(([path, name]) =>
      access(path).then(
        () => [],
        () => [name],
      ),
    ),
  );
  return missing.flat();
}

/** Installs what is missing with apt-get. Throws OperationError with one sentence when that can't be done. */
export async function installPackages(io: Io, say: (line: string) => Promise<void>): Promise<void> {
  const missing = await missingPackages();
  if (missing.length === 0) return;
  const advice = `Install them as root: apt-get install ${missing.join(' ')}`;
  await say(`installing Debian packages: ${missing.join(' ')}`);
  const env = { ...io.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '--yes', '--no-install-recommends', ...missing];
  for (const args of [install, ['update'], install]) {
    const outcome = await attempt('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env,
    }).catch(() => undefined);
    if (outcome?.code === 0 && args === install) return;
    if (outcome === undefined) break;
  }
  throw new OperationError('The test cluster needs Debian packages that could not be installed.', { advice });
}
