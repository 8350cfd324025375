import type { Api } from '../cluster/api.ts';
import { listAll } from '../cluster/list.ts';
import { resourcePath } from '../cluster/path.ts';
import type { Collector } from '../collector/collector.ts';
import { ApiError } from '../output/errors.ts';

/** What of the node is ours, so that an examiner can take it off what the node shows. */
export interface Footprint {
  /** Lines of /proc/PID/cgroup of our processes. */
  readonly cgroups: readonly string[];
  readonly processes: readonly { readonly pid: number; readonly name: string }[];
  /** Made by kubelet and runtime because our pod is there; they are removed with it. */
  readonly directories: readonly { readonly path: string; readonly kilobytes?: number }[];
  /** Logs of our containers, as long as they were then; where the runtime has them elsewhere, none. */
  readonly logs: readonly { readonly path: string; readonly lines: number; readonly bytes: number }[];
  /** What the kubelet said of our pod, such as that it pulled the image. Missing when events may not be read. */
  readonly events?: readonly { readonly reason: string; readonly message: string; readonly time: string }[];
  /** Mounts of the node on networks or in user space, which we left out because they may never answer. */
  readonly detachedMounts: number;
}

const outputLimit = 1024 * 1024;

/** Asks the node and the API server what our pod is and made there. Throws OperationError when the node does not answer. */
export async function measureFootprint(
  api: Api,
  collector: Collector,
  signal: AbortSignal,
): Promise<Footprint> {
  const { identity } = collector;
  const { stdout } = await collector.call('footprint', [identity.uid], { limit: outputLimit, signal });
  const events = await eventsOf(api, identity.namespace, identity.uid, signal);
  return { ...parseFootprint(stdout.toString('utf8')), ...(events === undefined ? {} : { events }) };
}

/** Reads what `footprint.sh` printed: a word and its values on each line. Lines of other kinds are left out. */
export function parseFootprint(text: string): Omit<Footprint, 'events'> {
  const cgroups: string[] = [];
  const processes: { pid: number; name: string }[] = [];
  const directories: { path: string; kilobytes?: number }[] = [];
  const logs: { path: string; lines: number; bytes: number }[] = [];
  let detachedMounts = 0;
  for (const line of text.split('\n')) {
    const process = /^process (\d+) (.*)$/.exec(line);
    const directory = /^directory (\d+|-) (\/.*)$/.exec(line);
    const log = /^log (\d{1,15}) (\d{1,15}) (\/.*)$/.exec(line);
    const detached = /^detached (\d+)$/.exec(line);
    if (line.startsWith('cgroup ')) cgroups.push(line.slice('cgroup '.length));
    else if (process !== null) processes.push({ pid: Number(process[1]), name: process[2] ?? '' });
    else if (directory !== null) {
      const size = directory[1] === '-' ? {} : { kilobytes: Number(directory[1]) };
      directories.push({ path: directory[2] ?? '', ...size });
    } else if (log !== null) logs.push({ path: log[3] ?? '', lines: Number(log[1]), bytes: Number(log[2]) });
    else if (detached !== null) detachedMounts = Number(detached[1]);
  }
  return { cgroups, processes, directories, logs, detachedMounts };
}

interface Event {
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
}

async function eventsOf(
  api: Api,
  namespace: string,
  uid: string,
  signal: AbortSignal,
): Promise<Footprint['events']> {
  const events: { reason: string; message: string; time: string }[] = [];
  try {
    const path = resourcePath({ version: 'v1', namespace, resource: 'events' });
    const query = { fieldSelector: `involvedObject.uid=${uid}` };
    for await (const { reason = '', message = '', lastTimestamp, eventTime } of listAll<Event>(api, {
      path,
      query,
      signal,
    }))
      events.push({ reason, message, time: lastTimestamp ?? eventTime ?? '' });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return undefined;
  }
  return events;
}
