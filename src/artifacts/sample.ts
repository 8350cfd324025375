import { containerOfProcess, containerOf, parseCgroup } from './cgroup.ts';
import { type Figures, inactiveBytes, readFigures, readNetwork } from './figures.ts';

/** Figures of one moment, as `stats.sh` takes them. */
export interface Sample {
  /** Seconds since the node's start. */
  readonly uptime: number;
  /** By `POD` (its own cgroup) and `POD/CONTAINER`: uid or digest of the manifest, and id. */
  readonly cgroups: ReadonlyMap<string, Figures>;
  readonly node: Figures & { readonly load: string; readonly processors: number };
}

/** USER_HZ, in which /proc/stat counts, is 100 on every architecture that Kubernetes runs on. */
const nsPerTick = 1e7;

/** Collects a sample from items: name in the tar without `[root]`, and content. */
export class SampleBuilder {
  readonly #cgroups = new Map<string, Figures>();
  readonly #inactive = new Map<string, number>();
  /** Pods and networks by PID. */
  readonly #pods = new Map<string, string>();
  readonly #networks = new Map<string, Figures>();
  readonly #files = new Map<string, string>();

  add(name: string, bytes: Buffer): void {
    const text = bytes.toString('latin1');
    const [, pid = '', of] = /^\/proc\/(\d+)\/(cgroup|net\/dev)$/.exec(name) ?? [];
    if (of === 'net/dev') this.#networks.set(pid, readNetwork(text));
    else if (of === 'cgroup') {
      const { podUid, podConfigHash } = containerOfProcess(parseCgroup(bytes));
      const pod = podUid ?? podConfigHash;
      if (pod !== undefined) this.#pods.set(pid, pod);
    } else if (name.startsWith('/sys/fs/cgroup/')) this.#addCgroup(name, text);
    else this.#files.set(name, text);
  }

  #addCgroup(name: string, text: string): void {
    const slash = name.lastIndexOf('/');
    const { podUid, podConfigHash, containerId } = containerOf(name.slice(0, slash));
    const pod = podUid ?? podConfigHash;
    if (pod === undefined) return;
    const key = containerId === undefined ? pod : `${pod}/${containerId}`;
    const file = name.slice(slash + 1);
    if (file === 'memory.stat') this.#inactive.set(key, inactiveBytes(text) ?? 0);
    else this.#cgroups.set(key, { ...this.#cgroups.get(key), ...readFigures(file, text) });
  }

  /** Undefined while the node's uptime is missing. */
  sample(): Sample | undefined {
    const [text] = /^\d{1,15}(?:\.\d{1,9})?/.exec(this.#files.get('/proc/uptime') ?? '') ?? [];
    if (text === undefined) return undefined;
    const uptime = Number(text);
    const cgroups = new Map<string, Figures>();
    for (const [key, figures] of this.#cgroups) {
      const { memoryBytes } = figures;
      const inactive = this.#inactive.get(key);
      const known = memoryBytes !== undefined && inactive !== undefined;
      cgroups.set(
        key,
        known ? { ...figures, workingSetBytes: Math.max(0, memoryBytes - inactive) } : figures,
      );
    }
    for (const [pid, network] of this.#networks) {
      const pod = this.#pods.get(pid);
      if (pod !== undefined) cgroups.set(pod, { ...cgroups.get(pod), ...network });
    }
    return { uptime, cgroups, node: this.#node() };
  }

  #node(): Sample['node'] {
    const stat = this.#files.get('/proc/stat') ?? '';
    const ticks = (/^cpu +([0-9 ]{1,200})$/m.exec(stat)?.[1] ?? '').split(' ').map(Number);
    // user, nice, system, idle, iowait, irq, softirq, steal: what is neither idle nor waiting (proc_stat(5)).
    const busy = [0, 1, 2, 5, 6, 7].reduce((sum, index) => sum + (ticks[index] ?? 0), 0);
    const memory = this.#files.get('/proc/meminfo') ?? '';
    const kilobytes = (name: string): number =>
      Number(new RegExp(`^${name}: +(\\d{1,15}) kB$`, 'm').exec(memory)?.[1] ?? NaN);
    const [total, available] = [kilobytes('MemTotal') * 1024, kilobytes('MemAvailable') * 1024];
    return {
      load: /^(?:[0-9.]{1,12} ){2}[0-9.]{1,12}/.exec(this.#files.get('/proc/loadavg') ?? '')?.[0] ?? '',
      processors: (stat.match(/^cpu\d+ /gm) ?? []).length,
      ...(ticks.length < 8 ? {} : { cpuNs: busy * nsPerTick }),
      ...(Number.isNaN(total - available) ? {} : { memoryBytes: total - available, memoryLimitBytes: total }),
    };
  }
}
