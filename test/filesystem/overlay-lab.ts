import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An overlay as a runtime makes it, mounted in a namespace of its own, with a shell that changes it. */
export interface OverlayLab {
  readonly upper: string;
  /** Topmost first. */
  readonly lowers: readonly string[];
  /** The image and the container as seen from outside. */
  readonly image: string;
  readonly container: string;
  /** Runs a shell script in the container's root; throws when it fails. */
  run(script: string): void;
  /** Unmounts it, as a runtime does when a container has ended; the layers stay. */
  end(): Promise<void>;
  remove(): Promise<void>;
}

/** True where overlay file systems can be mounted: root, and a kernel that has them. */
export function canMountOverlay(): boolean {
  return process.getuid?.() === 0 && spawnSync('grep', ['-q', 'overlay', '/proc/filesystems']).status === 0;
}

/**
 * Builds an image of one layer per script (each runs in the layer's directory, the first one lowest) and mounts it under a writable
 * layer, with further options of the overlay such as `redirect_dir=on`. All of it is in memory: thousands of small files.
 */
export async function overlayLab(layers: readonly string[], options = 'index=off'): Promise<OverlayLab> {
  const directory = mkdtempSync('/dev/shm/kubectl-ir-overlay-');
  const lowers = layers.map((_, i) => join(directory, `snapshots/${i}/fs`));
  for (const layer of lowers) mkdirSync(layer, { recursive: true });
  shell(layers.map((script, i) => `(cd snapshots/${i}/fs\n${script}\n)`).join('\n'), directory);
  lowers.reverse();
  const snapshot = join(directory, 'snapshots/upper');
  for (const name of ['fs', 'work']) mkdirSync(join(snapshot, name), { recursive: true });
  for (const name of ['image', 'container', 'nothing']) mkdirSync(join(directory, name));
  writeFileSync(
    join(directory, 'mount'),
    `set -e
cd ${directory}/snapshots
mount -t overlay -o ro,redirect_dir=follow,metacopy=on,lowerdir=${lowers.map(relative).join(':')}:../nothing none ../image
mount -t overlay -o ${options},lowerdir=${lowers.map(relative).join(':')},upperdir=upper/fs,workdir=upper/work none ../container
echo ready
exec sleep 600
`,
  );
  const holder = spawn('unshare', ['-m', '--propagation', 'private', 'sh', join(directory, 'mount')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await ready(holder);
  const root = `/proc/${holder.pid ?? 0}/root`;
  const container = `${root}${directory}/container`;
  return {
    upper: join(snapshot, 'fs'),
    lowers,
    image: `${root}${directory}/image`,
    container,
    run: (script) => {
      shell(script, container);
    },
    end: () => ended(holder),
    remove: async () => {
      await ended(holder);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function relative(layer: string): string {
  return layer.split('/').slice(-2).join('/');
}

function shell(script: string, cwd: string): void {
  const run = spawnSync('bash', ['-euc', script], { cwd, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`script failed in ${cwd}: ${run.stderr}${run.error?.message ?? ''}`);
}

async function ended(holder: ChildProcess): Promise<void> {
  if (holder.exitCode !== null || holder.signalCode !== null) return;
  const gone = once(holder, 'exit');
  holder.kill('SIGKILL');
  await gone;
}

async function ready(holder: ChildProcess): Promise<void> {
  await Promise.race([
    once(holder.stdout ?? holder, 'data'),
    once(holder, 'exit').then(() => {
      throw new Error('the overlay could not be mounted');
    }),
  ]);
}
