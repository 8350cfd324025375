import { createHash, randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonObject } from '../artifacts/json.ts';
import type { Io } from '../output/io.ts';
import { escapeForTerminal } from '../output/escape.ts';
import { OperationError } from '../output/errors.ts';
import { localActor } from './actor.ts';
import { hasCode, onDisk } from './durable-file.ts';

/** Who holds a case open for writing. */
export interface LockHolder {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** Start of the process in clock ticks since boot (field 22 of /proc/PID/stat, proc(5)); empty where there is no /proc. */
  readonly started: string;
  /** RFC 3339. */
  readonly since: string;
  /** Tells two locks of one process apart. */
  readonly token: string;
}

/** An exclusive hold on a case directory. */
export interface Lock {
  release(): Promise<void>;
}

/** Name of the lock file in the case directory; it exists only while a command writes. */
const lockFile = '.lock';

/** How long to wait for somebody else's lock; not at all when it is not given. */
export interface LockWait {
  readonly ms: number;
  readonly signal: AbortSignal;
}

/** Longest wait of an act that is short itself: of two who record something at once, both get in. */
const shortActMs = 10_000;

/** The wait of an act that is short itself. */
export function shortWait(signal: AbortSignal): LockWait {
  return { ms: shortActMs, signal };
}

/** Pause between two tries. */
const pauseMs = 50;

/**
 * Takes the lock of a case directory. A lock whose process on this host is gone is taken over.
 * Throws OperationError with the holder's name when somebody else holds it, and still does when the wait is over.
 */
export async function takeLock(io: Io, dir: string, wait?: LockWait): Promise<Lock> {
  const until = io.monotonic() + (wait?.ms ?? 0);
  for (;;) {
    const taken = await tryLock(io, dir);
    if (!(taken instanceof OperationError)) return taken;
    if (io.monotonic() >= until) throw taken;
    await io.sleep(pauseMs, wait?.signal);
  }
}

async function tryLock(io: Io, dir: string): Promise<Lock | OperationError> {
  const { user, host } = localActor();
  const started = await processStart(process.pid);
  const token = randomBytes(8).toString('hex');
  const holder: LockHolder = { user, host, pid: process.pid, started, since: io.now().toISOString(), token };
  const text = `${JSON.stringify(holder)}\n`;
  const path = join(dir, lockFile);
  const own = `${path}.${token}`;
  try {
    await onDisk(`write into case ${dir}`, () => writeFile(own, text, { mode: 0o600 }));
    return (await take(dir, path, own, host)) ?? { release: () => releaseLock(path, text) };
  } finally {
    await rm(own, { force: true });
  }
}

/**
 * Puts `own` at `path`; who holds it, when somebody does. One dead lock can be replaced by one process only: who wants to
 * must first take a lock that is named after the dead one's content, and then find that content still there.
 */
async function take(
  dir: string,
  path: string,
  own: string,
  host: string,
): Promise<OperationError | undefined> {
  for (;;) {
    if (await linked(own, path)) return undefined;
    const found = await readOrUndefined(path);
    if (found === undefined) continue;
    const other = parseHolder(found);
    if (other === undefined || !(await isDead(other, host))) return heldBy(other, dir, path);
    const guard = join(dir, `${lockFile}.${createHash('sha256').update(found).digest('hex').slice(0, 16)}`);
    const guarded = await take(dir, guard, own, host);
    if (guarded !== undefined) return guarded;
    try {
      if ((await readOrUndefined(path)) !== found) continue;
      await linked(own, `${own}.next`);
      await rename(`${own}.next`, path);
      return undefined;
    } finally {
      await unlink(guard);
    }
  }
}

/** The lock is made whole and at once: a hard link of a finished file, or nothing. */
async function linked(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    if (!hasCode(error, 'EPERM') && !hasCode(error, 'ENOTSUP') && !hasCode(error, 'ENOSYS')) throw error;
  }
  try {
    await writeFile(path, await readFile(own), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function releaseLock(path: string, text: string): Promise<void> {
  if ((await readOrUndefined(path)) === text) await unlink(path);
}

async function isDead(holder: LockHolder, host: string): Promise<boolean> {
  if (holder.host !== host) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return hasCode(error, 'ESRCH');
  }
  return holder.started !== '' && (await processStart(holder.pid)) !== holder.started;
}

async function processStart(pid: number): Promise<string> {
  const stat = (await readOrUndefined(`/proc/${String(pid)}/stat`)) ?? '';
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function parseHolder(text: string): LockHolder | undefined {
  const value = jsonObject(text) as Partial<Record<keyof LockHolder, unknown>> | undefined;
  const { user, host, pid, started, since, token } = value ?? {};
  if (typeof user !== 'string' || typeof host !== 'string' || typeof since !== 'string') return undefined;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0 || typeof started !== 'string')
    return undefined;
  return { user, host, pid, started, since, token: typeof token === 'string' ? token : '' };
}

function heldBy(holder: LockHolder | undefined, dir: string, path: string): OperationError {
  const who =
    holder === undefined
      ? 'somebody who cannot be told'
      : escapeForTerminal(
          `${holder.user} on ${holder.host} (process ${String(holder.pid)}) since ${holder.since}`,
        );
  return new OperationError(`case ${dir} is held by ${who}`, {
    advice: `wait until that command has ended; if it is surely dead, remove ${path}`,
  });
}

async function readOrUndefined(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ESRCH')) return undefined;
    throw error;
  }
}
