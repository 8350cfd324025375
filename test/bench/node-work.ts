import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Exec } from '../../src/collector/running.ts';
import { ChangeLog } from '../../src/filesystem/change-log.ts';
import { diffContainers } from '../../src/filesystem/diff.ts';
import { MemorySink } from '../collector/local-node.ts';
import { localCollector } from '../filesystem/local-collector.ts';

const main = join(import.meta.dirname, '../cluster/main.ts');

/** Runs one script as the collector's container would, with the node's own busybox, and tells how long that took there. */
const onTheNode = `
dir=/dev/shm/kubectl-ir-bench
mkdir -p $dir/bin $dir/spool && busybox --install -s $dir/bin && echo sha512sum >$dir/spool/digest && : >$dir/spool/ready || exit 1
for tool in getfattr setfattr; do ln -sf "$(command -v $tool)" $dir/bin/; done
export PATH=$dir/bin IR_SPOOL=$dir/spool IR_HOST=/. TIMEFORMAT='seconds %R'
time $dir/bin/sh "$@"`;

/**
 * Seconds that the scripts of one diff take on a node of the test cluster, all of them, without what lies between them and us. Throws
 * when they found less than `changes`.
 */
export async function diffSecondsOn(
  node: string,
  container: string,
  changes: number,
  dir: string,
): Promise<number> {
  let seconds = 0;
  const exec: Exec = async ({ command, input, stdout, onStart }) => {
    const words = [main, 'shell', node, 'bash', '-c', onTheNode, 'bash', ...command.slice(1)];
    const child = spawn(process.execPath, words, { stdio: 'pipe' });
    const ended = once(child, 'close');
    const said = text(child.stderr);
    child.stdin.write(input);
    onStart({
      send: (data) =>
        new Promise((resolve) => {
          child.stdin.write(data, () => {
            resolve();
          });
        }),
    });
    for await (const chunk of child.stdout) await stdout(chunk as Buffer);
    const [code] = (await ended) as [number | null];
    const stderr = await said;
    const took = Number(/^seconds ([0-9.]+)$/m.exec(stderr)?.[1]);
    if (code !== 0 || Number.isNaN(took)) throw new Error(`exit code ${code ?? '-'} on ${node}: ${stderr}`);
    seconds += took;
    return { exitCode: 0, stderr: '' };
  };
  const log = await ChangeLog.open(dir);
  try {
    const target = {
      name: 'web',
      id: container,
      runtime: 'containerd',
      image: '',
      imageID: '',
      state: 'running',
    } as const;
    const [diff] = await diffContainers(localCollector({ exec }), [target], undefined, {
      content: false,
      newLog: () => Promise.resolve(log),
      sink: new MemorySink(),
      signal: new AbortController().signal,
    });
    const found = diff?.changes.counts.added ?? 0;
    if (found < changes || diff?.summary.complete !== true)
      throw new Error(`the scripts found ${found} changes, ${JSON.stringify(diff?.blind)}`);
  } finally {
    await log.close();
  }
  return seconds;
}
