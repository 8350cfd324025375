import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { type Entry, layerTar, owner } from './layer.ts';

/** An image to write. */
export interface Image {
  /** Repository, such as `lab.local/shop`. */
  readonly repository: string;
  readonly tag: string;
  /** Layers from the lowest to the highest. */
  readonly layers: readonly (readonly Entry[])[];
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly env?: readonly string[];
}

/** What an image is known by. */
export interface Reference {
  /** `repository:tag` */
  readonly tagged: string;
  /** `repository@sha256:…` */
  readonly pinned: string;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Writes images into one tar with an OCI image layout (image-spec v1.1), each under its tag and under its
 * digest; containerd takes both names from the annotation `io.containerd.image.name`. Layers are not
 * compressed: they go no further than this machine. Same images, same bytes.
 */
export async function writeImages(path: string, images: readonly Image[]): Promise<Reference[]> {
  const blobs = new Map<string, Buffer>();
  const manifests: Descriptor[] = [];
  const references: Reference[] = [];
  for (const image of images) {
    const manifest = await writeManifest(image, blobs);
    const reference = {
      tagged: `${image.repository}:${image.tag}`,
      pinned: `${image.repository}@${manifest.digest}`,
    };
    references.push(reference);
    for (const name of [reference.tagged, reference.pinned]) {
      manifests.push({ ...manifest, annotations: { 'io.containerd.image.name': name } });
    }
  }
  const tar = pack();
  const written = pipeline(tar, createWriteStream(path));
  tar.entry({ ...owner, name: 'oci-layout' }, '{"imageLayoutVersion":"1.0.0"}');
  tar.entry({ ...owner, name: 'index.json' }, json({ schemaVersion: 2, manifests }));
  for (const [digest, bytes] of blobs)
    tar.entry({ ...owner, name: `blobs/${digest.replace(':', '/')}` }, bytes);
  tar.finalize();
  await written;
  return references;
}

async function writeManifest(image: Image, blobs: Map<string, Buffer>): Promise<Descriptor> {
  const add = (mediaType: string, bytes: Buffer): Descriptor => {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    blobs.set(digest, bytes);
    return { mediaType: `application/vnd.oci.image.${mediaType}`, digest, size: bytes.length };
  };
  const layers: Descriptor[] = [];
  for (const entries of image.layers) layers.push(add('layer.v1.tar', await layerTar(entries)));
  const config = {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: {
      Env: image.env ?? ['PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      ...(image.entrypoint === undefined ? {} : { Entrypoint: image.entrypoint }),
      ...(image.command === undefined ? {} : { Cmd: image.command }),
    },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.digest) },
    history: layers.map(() => ({ created: '2026-01-01T00:00:00Z' })),
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: add('config.v1+json', json(config)),
    layers,
  };
  return add('manifest.v1+json', json(manifest));
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
