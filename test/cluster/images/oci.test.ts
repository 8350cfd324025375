import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import { extract } from 'tar-stream';
import { processIo } from '../../../src/output/io.ts';
import type { Entry } from './layer.ts';
import { type Image, writeImages } from './oci.ts';

const io = processIo();
const entries: Entry[] = [
  { type: 'directory', path: 'tmp', mode: 0o1777 },
  { type: 'file', path: 'usr/bin/tool', mode: 0o755, content: Buffer.from('tool') },
  { type: 'symlink', path: 'bin/sh', target: 'busybox' },
];
const image: Image = {
  repository: 'lab.local/one',
  tag: '1',
  layers: [entries, [{ type: 'deleted', path: 'usr/bin/tool' }]],
  command: ['/bin/sh'],
};

interface Index {
  readonly manifests: readonly { readonly digest: string; readonly annotations: Record<string, string> }[];
}

async function unpack(path: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for await (const entry of createReadStream(path).pipe(extract())) {
    files.set(entry.header.name, await buffer(entry));
  }
  return files;
}

async function names(tar: Buffer | undefined): Promise<string[]> {
  const found: string[] = [];
  const reader = extract();
  reader.end(tar);
  for await (const entry of reader) {
    found.push(`${entry.header.mode.toString(8)} ${entry.header.name}`);
    entry.resume();
  }
  return found;
}

describe('image writer', () => {
  let directory: string;
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'images-'))));
  afterEach(() => rm(directory, { recursive: true }));

  it('names each image by its tag and by its digest', async () => {
    const [reference] = await writeImages(join(directory, 'i.tar'), [image]);
    const index = (await unpack(join(directory, 'i.tar'))).get('index.json')?.toString() ?? '';
    const { manifests } = JSON.parse(index) as Index;
    expect(manifests.map((each) => each.annotations['io.containerd.image.name'])).to.deep.equal([
      'lab.local/one:1',
      `lab.local/one@${manifests[0]?.digest}`,
    ]);
    expect(reference?.pinned).to.equal(`lab.local/one@${manifests[0]?.digest}`);
  });

  it('stores every blob under the digest of its bytes', async () => {
    await writeImages(join(directory, 'i.tar'), [image]);
    const blobs = [...(await unpack(join(directory, 'i.tar')))].filter(([name]) => name.startsWith('blobs/'));
    expect(blobs).to.have.length(4);
    for (const [name, bytes] of blobs) {
      expect(name).to.equal(`blobs/sha256/${createHash('sha256').update(bytes).digest('hex')}`);
    }
  });

  it('writes layers with parents, modes and whiteouts', async () => {
    await writeImages(join(directory, 'i.tar'), [image]);
    const files = await unpack(join(directory, 'i.tar'));
    const layers = [...files.values()].filter((bytes) => bytes.length % 512 === 0);
    expect(await names(layers[0])).to.deep.equal([
      '1777 tmp/',
      '755 usr/',
      '755 usr/bin/',
      '755 usr/bin/tool',
      '755 bin/',
      '777 bin/sh',
    ]);
    expect(await names(layers[1])).to.deep.equal(['755 usr/', '755 usr/bin/', '644 usr/bin/.wh.tool']);
  });

  it('writes the same bytes for the same images, sharing equal layers', async () => {
    const two = [image, { ...image, repository: 'lab.local/two', command: ['/bin/ls'] }];
    await writeImages(join(directory, 'a.tar'), two);
    // Times in a tar are whole seconds.
    await io.sleep(1000 - (io.now().getTime() % 1000));
    await writeImages(join(directory, 'b.tar'), two);
    const [a, b] = await Promise.all(['a.tar', 'b.tar'].map((name) => readFile(join(directory, name))));
    expect(a?.equals(b ?? Buffer.alloc(0))).to.equal(true);
    const blobs = [...(await unpack(join(directory, 'a.tar'))).keys()].filter((name) =>
      name.startsWith('blobs/'),
    );
    expect(blobs).to.have.length(2 + 2 * 2);
  });
});
