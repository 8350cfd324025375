import { parse } from 'smol-toml';
import { containerdStores } from '../artifacts/runtime-places.ts';
import { jsonObject, objectOf, textOf } from '../artifacts/json.ts';
import type { JsonObject } from '../artifacts/json.ts';
import { readMounts } from './mounts.ts';
import { overlayLayers } from './overlay.ts';
import type { RuntimeProcess } from './runtimes.ts';
import { flagValues } from './runtimes.ts';

/** Who keeps containers in a directory: containerd, docker, or the library of CRI-O and podman (containers/storage). */
export type StoreKind = 'containerd' | 'docker' | 'containers';

/** A directory in which a runtime keeps its containers; an absolute path on the node, one byte per character. */
export interface Store {
  readonly kind: StoreKind;
  readonly root: string;
  /** Directories of containerd's snapshotters that its configuration puts elsewhere. */
  readonly snapshotters?: Readonly<Record<string, string>>;
}

/** Where runtimes keep containers when nobody told them otherwise. */
const usual: readonly Store[] = [
  ...containerdStores.map((root): Store => ({ kind: 'containerd', root })),
  { kind: 'docker', root: '/var/lib/docker' },
  { kind: 'containers', root: '/var/lib/containers/storage' },
];

const usualFiles = [
  '/etc/containerd/config.toml',
  '/etc/containerd/conf.d',
  '/etc/docker/daemon.json',
  '/etc/crio/crio.conf',
  '/etc/crio/crio.conf.d',
  '/usr/share/containers/storage.conf',
  '/etc/containers/storage.conf',
];

const flags = {
  containerd: { config: ['--config', '-c'], root: ['--root'] },
  dockerd: { config: ['--config-file'], root: ['--data-root', '--graph', '-g'] },
  crio: { config: ['--config', '-c', '--config-dir', '-d'], root: ['--root', '-r'] },
} as const;

const kinds: Readonly<Record<keyof typeof flags, StoreKind>> = {
  containerd: 'containerd',
  dockerd: 'docker',
  crio: 'containers',
};

/** Configuration files that may say where containers are kept: those on the command lines and the usual ones. */
export function configurationFiles(processes: readonly RuntimeProcess[]): string[] {
  const named = processes.flatMap(({ program, words }) =>
    isRuntime(program) ? flagValues(words, flags[program].config).filter(isPlainPath) : [],
  );
  return [...new Set([...named, ...usualFiles])];
}

/**
 * Every place where the node's runtimes may keep containers, the surest first: databases that a running one holds open, command lines,
 * configuration, the mounts of running containers, the usual directories. `configuration` holds the files by path, `nodeTable` is
 * /proc/1/mountinfo.
 */
export function storesOf(
  processes: readonly RuntimeProcess[],
  configuration: ReadonlyMap<string, Buffer>,
  nodeTable: Buffer | undefined,
): Store[] {
  const configured = [...configuration].map(([path, bytes]) => ({ path, values: valuesOf(path, bytes) }));
  const snapshotters = Object.assign(
    {},
    ...configured.map(({ values }) => snapshotterRoots(values)),
  ) as Record<string, string>;
  const stores = [
    ...processes.flatMap(({ files }) => files.flatMap(storeOfDatabase)),
    ...processes.flatMap(({ program, words }) =>
      isRuntime(program)
        ? flagValues(words, flags[program].root).map((root) => ({ kind: kinds[program], root }))
        : [],
    ),
    ...configured.flatMap(({ values }) => storesOfConfiguration(values)),
    ...readMounts(nodeTable ?? Buffer.alloc(0))
      .filter(({ type }) => type === 'overlay')
      .flatMap(({ superOptions }) => storeOfMount(superOptions.toString('latin1'))),
    ...usual,
  ].filter(({ root }) => isPlainPath(root));
  const distinct = new Map(stores.map((store) => [`${store.kind} ${store.root}`, store]));
  return [...distinct.values()].map((store) =>
    store.kind === 'containerd' && Object.keys(snapshotters).length > 0 ? { ...store, snapshotters } : store,
  );
}

/** The store whose database a file is: containerd's metadata, docker's build and network databases. */
function storeOfDatabase(file: string): Store[] {
  const containerd = /^(.*)\/io\.containerd\.metadata\.v1\.bolt\/meta\.db$/s.exec(file)?.[1];
  if (containerd !== undefined) return [{ kind: 'containerd', root: containerd }];
  const docker = /^(.*)\/(?:buildkit|network\/files)\/[a-z0-9_-]+\.db$/s.exec(file)?.[1];
  return docker === undefined ? [] : [{ kind: 'docker', root: docker }];
}

/** The store in which a running container's writable layer lies. */
function storeOfMount(options: string): Store[] {
  const layers = overlayLayers(options);
  if (typeof layers === 'string') return [];
  const match =
    /^(.*)\/(?:(io\.containerd\.snapshotter\.v1\.[^/]+)\/snapshots\/[0-9]+\/fs|(overlay2)\/[0-9a-f]+\/diff|overlay\/[0-9a-f]+\/diff)$/s.exec(
      layers.upper,
    );
  if (match === null) return [];
  const [, root = '', containerd, docker] = match;
  return [
    {
      kind: containerd === undefined ? (docker === undefined ? 'containers' : 'docker') : 'containerd',
      root,
    },
  ];
}

/** Directories that a configuration names: containerd (`root`), dockerd (`data-root`), CRI-O (`crio.root`), storage.conf (`storage.graphroot`). */
function storesOfConfiguration(values: JsonObject): Store[] {
  const named: readonly (readonly [StoreKind, unknown])[] = [
    ['containerd', values['root']],
    ['docker', values['data-root'] ?? values['graph']],
    ['containers', objectOf(values['crio'])?.['root']],
    ['containers', objectOf(values['storage'])?.['graphroot']],
  ];
  return named.map(([kind, root]) => ({ kind, root: latin1(textOf(root) ?? '') }));
}

/** `root_path` of containerd's snapshotters by their names (docs/snapshotters of containerd). */
function snapshotterRoots(values: JsonObject): Record<string, string> {
  const roots: Record<string, string> = {};
  for (const [plugin, settings] of Object.entries(objectOf(values['plugins']) ?? {})) {
    const name = /^io\.containerd\.snapshotter\.v1\.([a-z0-9-]+)$/.exec(plugin)?.[1];
    const root = latin1(textOf(objectOf(settings)?.['root_path']) ?? '');
    if (name !== undefined && isPlainPath(root)) roots[name] = root;
  }
  return roots;
}

/** A configuration file as an object; an empty one when it can't be read. JSON and TOML are told apart by the name. */
function valuesOf(path: string, bytes: Buffer): JsonObject {
  if (path.endsWith('.json')) return jsonObject(bytes) ?? {};
  try {
    return parse(bytes.toString('utf8'));
  } catch {
    return {};
  }
}

/** Configuration is UTF-8; paths have one byte per character here. */
function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function isRuntime(program: string): program is keyof typeof flags {
  return Object.hasOwn(flags, program);
}

/** Absolute, and of a length that the kernel would take. */
function isPlainPath(path: string): boolean {
  return (
    path.startsWith('/') && path.length < 4096 && !path.includes('\0') && !path.split('/').includes('..')
  );
}
