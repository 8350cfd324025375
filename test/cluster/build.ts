import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { OperationError } from '../../src/output/errors.ts';
import type { Io } from '../../src/output/io.ts';
import { cached, isCached } from './cache.ts';
import { attempt, run } from './run.ts';

/** No debugging information is made, which the linker would leave out, and garbage is collected late: a fifth less processor time. */
const noDebug = '-gcflags=all=-dwarf=false';
const garbagePercent = '400';

/** A Go module and what is built from it. */
export interface GoModule {
  /** Relative to this file's directory. */
  readonly directory: string;
  readonly packages: readonly string[];
  readonly tags?: string;
  /** Module whose version the programs report, and the variables that take it (`-X` of the Go linker), if they do. */
  readonly version?: { readonly of: string; readonly variables: (version: string) => Record<string, string> };
  /** What its cold build takes, for the one line that announces it. */
  readonly duration: string;
}

const kubelab: GoModule = {
  directory: 'kubelab',
  packages: ['.', './pause'],
  version: {
    of: 'k8s.io/kubernetes',
    variables: (version) => {
      const [major = '', minor = ''] = version.split('.');
      return Object.fromEntries(
        ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((name) => [
          [`${name}.gitVersion`, `v${version}`],
          [`${name}.gitMajor`, major],
          [`${name}.gitMinor`, minor],
        ]),
      );
    },
  },
  duration: 'five to seven minutes',
};
const containerd: GoModule = {
  directory: 'containerd',
  packages: ['containerd', 'containerd-shim-runc-v2', 'ctr'].map(
    (name) => `github.com/containerd/containerd/v2/cmd/${name}`,
  ),
  tags: 'no_btrfs no_zfs',
  version: {
    of: 'github.com/containerd/containerd/v2',
    variables: (version) => ({ 'github.com/containerd/containerd/v2/version.Version': version }),
  },
  duration: 'one to two minutes',
};

const coredns: GoModule = {
  directory: 'coredns',
  packages: ['.'],
  version: { of: 'github.com/coredns/coredns', variables: () => ({}) },
  duration: 'one to two minutes',
};

const talk: GoModule = { directory: 'talk', packages: ['.'], duration: 'half a minute' };

/** What a cluster's programs are built from, in the order in which they are built. */
export const clusterModules: readonly GoModule[] = [containerd, coredns, talk, kubelab];

/** Directories with the built programs. */
export interface Programs {
  /** Holds `kubelab` and `pause`. */
  readonly kubelab: string;
  /** Holds `containerd`, `containerd-shim-runc-v2` and `ctr`. */
  readonly containerd: string;
  /** Holds `coredns`. */
  readonly coredns: string;
  /** Holds `talk`. */
  readonly talk: string;
}

/**
 * Builds the cluster's Go programs, or finds them in the cache: each under a hash of its sources and of the Go
 * version. Throws OperationError when there is no usable Go.
 */
export async function buildPrograms(io: Io, say: (line: string) => Promise<void>): Promise<Programs> {
  // One after the other: each build uses every processor by itself.
  const built = {
    containerd: await buildModule(containerd, io, say),
    coredns: await buildModule(coredns, io, say),
    talk: await buildModule(talk, io, say),
  };
  return { ...built, kubelab: await buildModule(kubelab, io, say) };
}

/** The directory with the programs of one module, built or found in the cache. */
export async function buildModule(
  module: GoModule,
  io: Io,
  say: (line: string) => Promise<void>,
): Promise<string> {
  const source = join(import.meta.dirname, module.directory);
  return cached(await cacheName(module, io), io, async (directory) => {
    await say(`building ${basename(module.directory)} with ${await goVersion(io)}; once, ${module.duration}`);
    const tags = module.tags === undefined ? [] : ['-tags', module.tags];
    const flags = ['-trimpath', '-buildvcs=false', noDebug, '-ldflags', await linkerFlags(source, module)];
    await run('go', ['build', ...flags, ...tags, '-o', `${directory}/`, ...module.packages], {
      cwd: source,
      env: { ...io.env, CGO_ENABLED: '0', GOGC: garbagePercent },
    });
  });
}

/** Brings the sources that a module is built from into Go's cache, from the network, where its programs are not there yet. */
export async function fetchModule(module: GoModule, io: Io): Promise<void> {
  const source = join(import.meta.dirname, module.directory);
  if (await isCached(await cacheName(module, io), io)) return;
  await run('go', ['list', '-deps', ...module.packages], {
    cwd: source,
    env: { ...io.env, CGO_ENABLED: '0' },
  });
}

async function linkerFlags(source: string, { version: reported }: GoModule): Promise<string> {
  if (reported === undefined) return '-s -w';
  const requirement = `${reported.of} v`;
  const line = (await readFile(join(source, 'go.mod'), 'utf8'))
    .split('\n')
    .find((each) => each.includes(requirement));
  const version = line?.split(requirement)[1]?.split(' ')[0] ?? '';
  const variables = Object.entries(reported.variables(version));
  return ['-s', '-w', ...variables.map(([name, value]) => `-X ${name}=${value}`)].join(' ');
}

async function goVersion(io: Io): Promise<string> {
  const outcome = await attempt('go', ['env', 'GOVERSION'], { env: io.env }).catch(() => undefined);
  if (outcome?.code !== 0) {
    throw new OperationError(
      'Programs of the tests are built with Go, and there is no working `go` on PATH.',
      {
        advice: 'Install Go 1.25 or newer (https://go.dev/dl) and run this again.',
      },
    );
  }
  return outcome.stdout.trim();
}

/** What its programs are called in the cache: by a hash of its sources and of the Go version. */
async function cacheName(module: GoModule, io: Io): Promise<string> {
  const source = join(import.meta.dirname, module.directory);
  return `${basename(module.directory)}-${await hashOf(source, await goVersion(io), module)}`;
}

async function hashOf(source: string, go: string, module: GoModule): Promise<string> {
  const hash = createHash('sha256').update(
    JSON.stringify([go, process.arch, module.packages, module.tags, await linkerFlags(source, module)]),
  );
  const names = await readdir(source, { recursive: true });
  for (const name of names.filter((each) => /(?<!_test)\.go$|\.(mod|sum)$/.test(each)).sort()) {
    hash.update(`${name}\0`).update(await readFile(join(source, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
