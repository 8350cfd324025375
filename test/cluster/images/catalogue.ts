import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Programs } from '../build.ts';
import type { Entry } from './layer.ts';
import type { Image } from './oci.ts';
import { busybox, programs } from './programs.ts';

/**
 * The images of the cluster, all made of files of this machine: what holds a pod, the collector in three
 * variants, a web application to be attacked, the attacker's toolbox, and the cluster's DNS server. `newBusybox` is what the
 * collector runs.
 */
export async function catalogue(built: Programs, newBusybox: string): Promise<Image[]> {
  const base: Entry[] = [...skeleton(), ...(await busybox())];
  const collector: Entry[] = [...skeleton(), ...(await busybox(newBusybox))];
  const executable = async (path: string): Promise<Entry[]> => [
    { type: 'file', path: basename(path), mode: 0o755, content: await readFile(path) },
  ];
  const image = (name: string, layers: Entry[][], rest: Partial<Image> = {}): Image => ({
    repository: `lab.local/${name}`,
    tag: '1',
    layers,
    command: ['/bin/sh'],
    ...rest,
  });
  // Layers are shared where they can be: each is stored and unpacked once on a node.
  const curl = await programs(['curl']);
  const inspection = await programs(['getfattr', 'setfattr', 'nft', 'conntrack']);
  const toolbox = await programs(['ip', 'setcap', 'getcap', 'openssl', 'bash', 'perl']);
  const talk = await readFile(join(built.talk, 'talk'));
  return [
    image('pause', [await executable(join(built.kubelab, 'pause'))], { command: ['/pause'] }),
    image('collector', [collector]),
    image('collector-full', [collector, inspection]),
    image('collector-old', [collector, inspection, oldNft(inspection)]),
    image('shop', [base, curl, ...shop()], { command: ['/usr/local/bin/shop'] }),
    image('toolbox', [
      base,
      curl,
      inspection,
      toolbox,
      [{ type: 'file', path: 'usr/local/bin/talk', mode: 0o755, content: talk }],
    ]),
    image('coredns', [await executable(join(built.coredns, 'coredns'))], {
      entrypoint: ['/coredns'],
      command: [],
    }),
  ];
}

/** Directories and files that programs expect in a root file system. */
function skeleton(): Entry[] {
  const directory = (path: string, mode = 0o755): Entry => ({ type: 'directory', path, mode });
  return [
    ...['dev', 'proc', 'sys', 'etc', 'usr/bin', 'usr/sbin', 'var/log', 'run'].map((path) => directory(path)),
    directory('root', 0o700),
    directory('tmp', 0o1777),
    text('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nwww:x:1000:1000::/var/www:/bin/false\n'),
    text('etc/group', 'root:x:0:\nwww:x:1000:\n'),
    text('etc/shells', '/bin/sh\n'),
  ];
}

/** An `nft` that meets a kernel before 5.16: the netdev family has no egress hook. */
function oldNft(entries: readonly Entry[]): Entry[] {
  const real = entries.find(({ path }) => path.endsWith('/nft'));
  if (real?.type !== 'file') throw new Error('there is no nft to put in the place of');
  return [
    { ...real, path: 'usr/lib/nft' },
    { ...real, content: Buffer.from(oldNftScript) },
  ];
}

const oldNftScript = `#!/bin/sh
for word; do
  if grep -qs 'hook egress' "$word"; then
    echo 'Error: Could not process rule: Operation not supported' >&2
    exit 1
  fi
done
exec /usr/lib/nft "$@"
`;

/** Layers of a web application above its tools: the application with its data, and a late correction. */
function shop(): Entry[][] {
  const page = '<!doctype html><title>shop</title><h1>The shop is open</h1>\n';
  return [
    [
      { type: 'file', path: 'usr/local/bin/shop', mode: 0o755, content: Buffer.from(shopScript) },
      text('etc/motd', 'shop 1.4.2\n'),
      text('etc/shop.conf', 'listen = 8080\ncurrency = EUR\ndebug = true\n'),
      text('var/www/index.html', page),
      text('var/www/setup.html', '<h1>first start</h1>\n'),
      { type: 'file', path: 'usr/local/lib/shop/prices.bin', content: sequence(250 * 1024) },
    ],
    [
      text('etc/shop.conf', 'listen = 8080\ncurrency = EUR\n'),
      { type: 'deleted', path: 'var/www/setup.html' },
      { type: 'symlink', path: 'usr/local/lib/shop/current', target: 'prices.bin' },
    ],
  ];
}

const shopScript = `#!/bin/sh
# Serves /var/www on port 8080 and notes each start.
echo "$(date -u +%FT%TZ) start" >>/var/log/shop.log
exec httpd -f -p 8080 -h /var/www
`;

function text(path: string, content: string): Entry {
  return { type: 'file', path, content: Buffer.from(content) };
}

/** Bytes that don't compress and are the same every time (a linear congruential generator). */
function sequence(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = 1;
  for (let index = 0; index < size; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}
