import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const place = join(import.meta.dirname, '../fixtures/runtimes');

/** A recorded file of a runtime, by its place below test/fixtures/runtimes, which says how it came about. */
export function recorded(path: string): Buffer {
  return readFileSync(join(place, path));
}

/** The files of a container of docker, and what the first is called in an acquisition. */
export function ofDocker(name: string): {
  readonly id: string;
  readonly config: Buffer;
  readonly settings: Buffer;
  readonly path: Buffer;
} {
  const config = recorded(`docker/${name}/config.v2.json`);
  const { ID: id } = JSON.parse(config.toString()) as { ID: string };
  const path = Buffer.from(`[root]/var/lib/docker/containers/${id}/config.v2.json`);
  return { id, config, settings: recorded(`docker/${name}/hostconfig.json`), path };
}
