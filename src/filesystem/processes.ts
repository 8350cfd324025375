import { containerOfProcess, parseCgroup } from '../artifacts/cgroup.ts';
import { parseProcStat } from '../artifacts/proc-stat.ts';
import { decimal } from '../artifacts/lines.ts';

/** One process of a container as diff-locate.sh found it. */
export interface Member {
  readonly pid: number;
  readonly parent: number;
  /** Clock ticks after boot, 100 a second. */
  readonly startTicks: number;
  /** Its own number in the innermost pid namespace. */
  readonly containerPid: number | undefined;
  /** Name of the program, one byte per character. */
  readonly name: string;
  readonly executable?: Executable;
}

export interface Executable {
  /** What the link says, one byte per character. */
  readonly path: string;
  /** 0: no name leads to the file any more, or none ever did. */
  readonly links: number;
  readonly size: number;
}

/**
 * The processes of one container from the outputs of diff-locate.sh (by the last part of their names). A process whose cgroup
 * only mentions the id in some other place, or that ended meanwhile, is left out.
 */
export function parseMembers(outputs: ReadonlyMap<string, Buffer>, id: string, token: string): Member[] {
  const text = (name: string): string => endedText(outputs.get(name)?.toString('latin1') ?? '', token);
  const cgroups = byPid(text('cgroup.txt'), 'cgroup');
  const stats = byPid(text('stat.txt'), 'stat');
  const statuses = byPid(text('status.txt'), 'status');
  const executables = parseExecutables(text('executables.txt'), text('executable-links.txt'), token);
  const members: Member[] = [];
  for (const [pid, lines] of stats) {
    const stat = parseProcStat(Buffer.from(lines, 'latin1'));
    const cgroup = parseCgroup(Buffer.from(cgroups.get(pid) ?? '', 'latin1'));
    if (stat?.pid !== pid || !belongs(cgroup, id)) continue;
    const executable = executables.get(pid);
    members.push({
      pid,
      parent: stat.ppid,
      startTicks: stat.startTicks,
      containerPid: decimal(/^NSpid:.*\t([0-9]+)$/m.exec(statuses.get(pid) ?? '')?.[1]),
      name: stat.comm.toString('latin1'),
      ...(executable === undefined ? {} : { executable }),
    });
  }
  return members;
}

/**
 * The container's first process: of those that something outside of the container started, number 1 of its pid namespace,
 * else (pods that share a pid namespace) the oldest.
 */
export function firstProcess(members: readonly Member[]): Member | undefined {
  const pids = new Set(members.map((member) => member.pid));
  const tops = members
    .filter((member) => !pids.has(member.parent))
    .sort((a, b) => a.startTicks - b.startTicks || a.pid - b.pid);
  return tops.find((member) => member.containerPid === 1 && member.pid !== 1) ?? tops[0];
}

/** Start of a process in nanoseconds since the epoch, from the `btime` line of /proc/stat (proc_stat(5), whole seconds). */
export function startTime(bootTime: Buffer | undefined, startTicks: number): bigint | undefined {
  const boot = decimal(/^btime ([0-9]+)$/m.exec(bootTime?.toString('latin1') ?? '')?.[1]);
  return boot === undefined ? undefined : BigInt(boot) * 1_000_000_000n + BigInt(startTicks) * 10_000_000n;
}

/**
 * Outermost container of every hierarchy that names one: a container can make cgroups below its own, not above. An id that somebody chose
 * (`ctr run … NAME`) is a segment as it is.
 */
function belongs(cgroup: ReturnType<typeof parseCgroup>, id: string): boolean {
  return cgroup.some(
    (membership) =>
      membership.path
        .split('/')
        .map((segment) =>
          segment === id ? id : containerOfProcess([{ ...membership, path: `/${segment}` }]).containerId,
        )
        .find((found) => found !== undefined) === id,
  );
}

/** Lines of `grep -H` over PID/FILE, joined per process: grep puts the file before every line, so a name with newlines forges none. */
function byPid(text: string, file: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(`/${file}:`);
    const pid = decimal(line.slice(0, Math.max(colon, 0)));
    if (pid === undefined) continue;
    found.set(pid, `${found.get(pid) ?? ''}${line.slice(colon + file.length + 2)}\n`);
  }
  return found;
}

function parseExecutables(facts: string, links: string, token: string): Map<number, Executable> {
  const paths = new Map<number, string>();
  for (const record of links.split(`${token}\n`)) {
    const match = /^([0-9]+)\/exe'\1\/exe' -> '(.*)'$/s.exec(record);
    if (match !== null) paths.set(Number(match[1]), match[2] ?? '');
  }
  const executables = new Map<number, Executable>();
  for (const line of facts.split('\n')) {
    const match = /^([0-9]+)\/exe ([0-9]+) ([0-9]+) [0-9]+ [0-9]+$/.exec(line);
    const path = paths.get(Number(match?.[1]));
    if (match !== null && path !== undefined)
      executables.set(Number(match[1]), { path, links: Number(match[2]), size: Number(match[3]) });
  }
  return executables;
}

/** Without the end mark; an output that was cut counts as empty, so that nothing is taken for a record. */
export function endedText(text: string, token: string): string {
  const mark = `${token}end\n`;
  return text.endsWith(mark) ? text.slice(0, -mark.length) : '';
}
