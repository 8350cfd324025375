import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { machine } from './layout.ts';
import { type Part, partOf } from './processes.ts';
import { run } from './run.ts';

/** What a cluster could leave on the machine: by kind, one line for each thing that is there. */
export type Footprint = Readonly<Record<string, readonly string[]>>;

/** Takes stock of the machine; everything that programs besides the cluster change all the time is left out. */
export async function footprint(): Promise<Footprint> {
  return {
    mounts: await mounts(),
    links: await lines('ip', ['-oneline', 'link']),
    addresses: await lines('ip', ['-oneline', 'address']),
    routes: await lines('ip', ['route', 'show', 'table', 'all']),
    routes6: await lines('ip', ['-6', 'route', 'show', 'table', 'all']),
    routeRules: [...(await lines('ip', ['rule'])), ...(await lines('ip', ['-6', 'rule']))],
    namedNamespaces: await readdir('/run/netns').catch(() => []),
    rules: await lines('nft', ['list', 'ruleset']),
    loops: await lines('losetup', ['--noheadings', '--output', 'NAME,BACK-FILE']),
    cgroups: await directories('/sys/fs/cgroup', 2),
    processes: await marked(),
    run: (await readdir('/run')).filter((name) => !name.endsWith('.lock')),
    sysctls: (
      await Promise.all(
        ['vm', 'kernel', 'net', 'fs/inotify'].map((name) => settings(join('/proc/sys', name))),
      )
    ).flat(),
  };
}

/** What the second footprint has and the first had not (`+`), and the other way round (`-`). */
export function difference(before: Footprint, after: Footprint): string[] {
  return Object.keys(after).flatMap((kind) => {
    const [was, is] = [new Set(before[kind]), new Set(after[kind])];
    return [
      ...[...is].filter((line) => !was.has(line)).map((line) => `+ ${kind}: ${line}`),
      ...[...was].filter((line) => !is.has(line)).map((line) => `- ${kind}: ${line}`),
    ];
  });
}

async function lines(program: string, args: readonly string[]): Promise<string[]> {
  const output = await run(program, args);
  return output
    .split('\n')
    .map((line) => line.replace(/ (state|valid_lft|expires|counter packets) .*/, ''))
    .filter((line) => line !== '');
}

/** Mount point, type and options; the numbers in front are new with every mount. */
async function mounts(): Promise<string[]> {
  const content = await readFile('/proc/self/mountinfo', 'utf8');
  return content.split('\n').map((line) => line.split(' ').slice(3).join(' '));
}

/** A process and the namespaces it is in, such as `net:[4026531840]`. */
interface Holder extends Part {
  readonly namespaces: readonly string[];
}

/** Every process of the machine with its namespaces. */
export async function holders(): Promise<Holder[]> {
  const found: Holder[] = [];
  for (const pid of await pids()) {
    const part = await partOf(Number(pid));
    const names = await Promise.all(
      ['net', 'mnt', 'pid', 'uts', 'ipc', 'cgroup'].map((kind) =>
        readlink(`/proc/${pid}/ns/${kind}`).catch(() => ''),
      ),
    );
    if (part !== undefined) found.push({ ...part, namespaces: names.filter((name) => name !== '') });
  }
  return found;
}

/** Directories down to a depth: a hierarchy and its groups. What other programs do below their own group is theirs. */
async function directories(path: string, depth: number): Promise<string[]> {
  if (depth === 0) return [path];
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const below = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => directories(join(path, entry.name), depth - 1));
  return [path, ...(await Promise.all(below)).flat()];
}

/** Every process with the cluster's mark, whatever state directory it names. */
async function marked(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await pids()) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.split('\0').some((each) => each.startsWith(`${machine.mark}=`))) found.push(pid);
  }
  return found;
}

async function pids(): Promise<string[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
}

/** Settings below a directory of /proc/sys, without the counters among them. */
async function settings(path: string): Promise<string[]> {
  if (path.endsWith(`/${machine.link}`)) return [path];
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const name = join(path, entry.name);
      if (entry.isDirectory()) return settings(name);
      if (counters.test(name)) return [];
      const value = await readFile(name, 'utf8').catch(() => '');
      return [`${name} = ${value.trim()}`];
    }),
  );
  return found.flat();
}

const counters =
  /\/(random\/.*|ns_last_pid|nf_conntrack_count|pty\/nr|stat_refresh|.*_cost|.*sched.*|dentry-state)$/;
