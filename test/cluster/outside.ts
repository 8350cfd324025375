import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io } from '../../src/output/io.ts';
import type { Programs } from './build.ts';
import { outsideCorefile } from './dns.ts';
import type { Layout } from './layout.ts';
import { ownNamespace } from './network.ts';
import { startDaemon } from './processes.ts';

/** Starts the process that holds the network namespace around the nodes, and returns its pid once it is in it. */
export async function startOutside(layout: Layout, io: Io): Promise<number> {
  const holder = await startDaemon(
    {
      program: 'unshare',
      args: ['--net', 'sleep', 'infinity'],
      log: join(layout.logs, 'outside.log'),
      cluster: layout.directory,
    },
    io,
  );
  await ownNamespace(holder, io);
  return holder;
}

/** Starts the servers of the namespace that process `holder` holds; returns their pids by name. */
export async function startOutsideServers(
  layout: Layout,
  programs: Programs,
  holder: number,
  io: Io,
): Promise<Record<string, number>> {
  const corefile = join(layout.directory, 'outside.corefile');
  await writeFile(corefile, outsideCorefile);
  const start = (name: string, command: readonly string[]): Promise<number> =>
    startDaemon(
      {
        program: 'nsenter',
        args: [`--net=/proc/${holder}/ns/net`, ...command],
        log: join(layout.logs, `${name}.log`),
        cluster: layout.directory,
      },
      io,
    );
  return {
    'outside-server': await start('outside-server', [
      process.execPath,
      join(import.meta.dirname, 'outside', 'server.ts'),
    ]),
    'outside-dns': await start('outside-dns', [join(programs.coredns, 'coredns'), '-conf', corefile]),
  };
}
