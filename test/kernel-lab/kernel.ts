import { createHash } from 'node:crypto';
import { copyFile, glob, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { processIo, writeLine } from '../../src/output/io.ts';
import { buildPrograms } from '../cluster/build.ts';
import { cached } from '../cluster/cache.ts';
import { collectorBusybox } from '../cluster/collector-busybox.ts';
import { catalogue } from '../cluster/images/catalogue.ts';
import { writeImages } from '../cluster/images/oci.ts';
import { programs } from '../cluster/images/programs.ts';
import { run } from '../cluster/run.ts';
import { type Unpacked, unpackedPackages } from '../support/unpacked.ts';

const io = processIo();

/** QEMU, Debian's kernel without drivers of hardware, and what modules of it are built with; fetched once. */
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
  'failover',
  'net_failover',
  'virtio_net',
  'autofs4',
  'binfmt_misc',
  'overlay',
];

/** What a machine boots: kernel and first file system. */
export interface Bootable {
  readonly kernel: string;
  readonly files: string;
}

/**
 * Kernel and first file system of a node, the latter made of the files that are the node's already in `root` and written
 * beside it. Throws OperationError when a package lacks a part.
 */
export async function bootable({ directory }: Unpacked, root: string): Promise<Bootable> {
  for (const name of ['bin', 'modules', 'init.d', 'mnt', 'usr/local/bin'])
    await mkdir(join(root, name), { recursive: true });
  await copyFile('/bin/busybox', join(root, 'bin/busybox'));
  await symlink('busybox', join(root, 'bin/sh'));
  await writeFile(
    join(root, 'etc/os-release'),
    'ID=debian\nVERSION_ID=12\nPRETTY_NAME="A kernel of its own"\n',
  );
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  await writeFile(join(root, 'etc/group'), 'root:x:0:\n');
  for (const name of ['node', 'kinds', 'serve'])
    await copyFile(join(import.meta.dirname, `${name}.sh`), join(root, `init.d/${name}.sh`));
  await copyFile(join(import.meta.dirname, 'init.sh'), join(root, 'init'));
  await addPrograms(root);
  for (const name of modules)
    await copyFile(
      await one(`lib/modules/*/kernel/**/${name}.ko`, directory),
      join(root, `modules/${name}.ko`),
    );
  await writeFile(join(root, 'modules/order'), `${modules.join('\n')}\n`);
  const built = await buildModules(directory);
  for (const name of ['hide.ko', 'gone.ko']) await copyFile(join(built, name), join(root, 'modules', name));
  const files = `${root}.cpio`;
  await run('sh', ['-ec', 'chmod 0755 init && find . | busybox cpio -o -H newc 2>/dev/null >"$0"', files], {
    cwd: root,
  });
  return { kernel: await one('boot/vmlinuz-*-cloud-amd64', directory), files };
}

/** Container runtime and kubelet as the other nodes have them, and the images that pods there are of. */
async function addPrograms(root: string): Promise<void> {
  const say = (line: string): Promise<void> => writeLine(io.stderr, line);
  const built = await buildPrograms(io, say);
  const local = join(root, 'usr/local/bin');
  for (const name of ['containerd', 'containerd-shim-runc-v2', 'ctr'])
    await copyFile(join(built.containerd, name), join(local, name));
  await copyFile(join(built.kubelab, 'kubelab'), join(local, 'kubelet'));
  for (const entry of await programs(['runc']))
    if (entry.type === 'file') {
      await mkdir(dirname(join(root, entry.path)), { recursive: true });
      await writeFile(join(root, entry.path), entry.content, { mode: 0o755 });
    }
  const images = await catalogue(built, await collectorBusybox(io, say));
  await writeImages(
    join(root, 'images.tar'),
    images.filter(({ repository }) => /\/(?:pause|collector)$/.test(repository)),
  );
}

/** Directory with the modules of hide.c for the kernel of the packages, built once. */
export async function buildModules(packages: string): Promise<string> {
  const hash = createHash('sha256').update(basename(packages));
  for (const file of ['hide.c', 'module.sh']) hash.update(await readFile(join(import.meta.dirname, file)));
  return cached(`kernel-modules-${hash.digest('hex').slice(0, 16)}`, io, async (unfinished) => {
    const script = join(import.meta.dirname, 'module.sh');
    await run('unshare', ['--mount', '--propagation', 'private', 'sh', script, packages, unfinished]);
  });
}

async function one(pattern: string, directory: string): Promise<string> {
  for await (const path of glob(pattern, { cwd: directory })) return join(directory, path);
  throw new Error(`no ${pattern} in ${directory}`);
}
