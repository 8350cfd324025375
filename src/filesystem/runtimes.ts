import { containerOfProcess, parseCgroup } from '../artifacts/cgroup.ts';

/** A container runtime that runs on the node, as runtimes.sh found it. */
export interface RuntimeProcess {
  readonly pid: number;
  /** What the kernel calls it: `containerd`, `dockerd`, `crio`. */
  readonly program: string;
  readonly words: readonly string[];
  /** Absolute paths of files that it holds open, one byte per character. */
  readonly files: readonly string[];
}

/**
 * The runtimes among the outputs of runtimes.sh, by the names of the items. What runs in a container may call itself anything and open
 * anything; it is left out, because a store that it named could say what it likes of the container.
 */
export function parseRuntimes(items: ReadonlyMap<string, Buffer>, token: string): RuntimeProcess[] {
  const found: RuntimeProcess[] = [];
  for (const [name, bytes] of items) {
    const pid = /^\[root\]\/proc\/([0-9]+)\/comm$/.exec(name)?.[1];
    const cgroup = items.get(`[root]/proc/${pid ?? ''}/cgroup`);
    if (pid === undefined || cgroup === undefined) continue;
    if (Object.keys(containerOfProcess(parseCgroup(cgroup))).length > 0) continue;
    found.push({
      pid: Number(pid),
      program: bytes.toString('latin1').trimEnd(),
      words: (items.get(`[root]/proc/${pid}/cmdline`)?.toString('latin1') ?? '').split('\0').slice(0, -1),
      files: openFiles(items.get(`live_response/runtimes/${pid}.descriptors`), token),
    });
  }
  return found;
}

/** Values of a flag on a command line: `--root X`, `--root=X`, for any of its names; later ones count more and come first. */
export function flagValues(words: readonly string[], names: readonly string[]): string[] {
  return words
    .flatMap((word, i) => {
      const equals = word.indexOf('=');
      if (names.includes(word)) return [words[i + 1] ?? ''];
      return equals > 0 && names.includes(word.slice(0, equals)) ? [word.slice(equals + 1)] : [];
    })
    .filter((value) => value !== '')
    .reverse();
}

/** Records `'./N' -> 'TARGET'TOKEN`, as stat's %N writes links. */
function openFiles(output: Buffer | undefined, token: string): string[] {
  return (output?.toString('latin1') ?? '')
    .split(`${token}\n`)
    .map((record) => /^'\.\/[0-9]+' -> '(\/.*)'$/s.exec(record)?.[1])
    .filter((path) => path !== undefined);
}
