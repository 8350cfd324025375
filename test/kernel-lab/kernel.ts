import { createHash } from 'node:crypto';
import { copyFile, glob, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { scriptText } from '../../src/collector/scripts.ts';
import { processIo } from '../../src/output/io.ts';
import { cached } from '../cluster/cache.ts';
import { run } from '../cluster/run.ts';
import { type Unpacked, unpackedPackages } from '../support/unpacked.ts';

/** QEMU, Debian's kernel without drivers of hardware, and what modules of it are built with. */
export function kernelPackages(): Promise<Unpacked> {
  return unpackedPackages(
    'qemu-system-x86',
    'linux-image-cloud-amd64',
    'linux-headers-cloud-amd64',
    'gcc',
    'make',
  );
}

/** In the order in which they need one another. */
const modules = [
  'virtio_ring',
  'virtio',
  'virtio_pci_legacy_dev',
  'virtio_pci_modern_dev',
  'virtio_pci',
  'virtio_console',
  'autofs4',
  'binfmt_misc',
];

/** What a machine boots: kernel and first file system. */
export interface Bootable {
  readonly kernel: string;
  readonly files: string;
}

/** Kernel and first file system, the latter written below `place`. Throws OperationError when a package lacks a part. */
export async function bootable({ directory }: Unpacked, place: string): Promise<Bootable> {
  const root = join(place, 'root');
  for (const name of ['bin', 'etc', 'modules', 'init.d']) await mkdir(join(root, name), { recursive: true });
  await copyFile('/bin/busybox', join(root, 'bin/busybox'));
  await symlink('busybox', join(root, 'bin/sh'));
  await writeFile(
    join(root, 'etc/os-release'),
    'ID=debian\nVERSION_ID=12\nPRETTY_NAME="A kernel of its own"\n',
  );
  await writeFile(join(root, 'etc/machine-id'), `${'0123456789abcdef'.repeat(2)}\n`);
  for (const name of ['node', 'kinds', 'container', 'serve'])
    await copyFile(join(import.meta.dirname, `${name}.sh`), join(root, `init.d/${name}.sh`));
  await copyFile(join(import.meta.dirname, 'init.sh'), join(root, 'init'));
  await writeFile(join(root, 'init.d/main.sh'), scriptText('main'));
  for (const name of modules)
    await copyFile(
      await one(`lib/modules/*/kernel/**/${name}.ko`, directory),
      join(root, `modules/${name}.ko`),
    );
  await writeFile(join(root, 'modules/order'), `${modules.join('\n')}\n`);
  const built = await buildModules(directory);
  for (const name of ['hide.ko', 'gone.ko']) await copyFile(join(built, name), join(root, 'modules', name));
  const files = join(place, 'files.cpio');
  await run('sh', ['-ec', 'chmod 0755 init && find . | busybox cpio -o -H newc 2>/dev/null >"$0"', files], {
    cwd: root,
  });
  await rm(root, { recursive: true });
  return { kernel: await one('boot/vmlinuz-*-cloud-amd64', directory), files };
}

/** Directory with the modules of hide.c for the kernel of the packages, built once. */
async function buildModules(packages: string): Promise<string> {
  const hash = createHash('sha256').update(basename(packages));
  for (const file of ['hide.c', 'module.sh']) hash.update(await readFile(join(import.meta.dirname, file)));
  return cached(`kernel-modules-${hash.digest('hex').slice(0, 16)}`, processIo(), async (unfinished) => {
    const script = join(import.meta.dirname, 'module.sh');
    await run('unshare', ['--mount', '--propagation', 'private', 'sh', script, packages, unfinished]);
  });
}

async function one(pattern: string, directory: string): Promise<string> {
  for await (const path of glob(pattern, { cwd: directory })) return join(directory, path);
  throw new Error(`no ${pattern} in ${directory}`);
}
