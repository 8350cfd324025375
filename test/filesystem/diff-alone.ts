import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { openCase } from '../../src/evidence/case.ts';
import { ChangeLog } from '../../src/filesystem/change-log.ts';
import { containerDiff } from '../../src/filesystem/container-diff.ts';
import { diffJson } from '../../src/filesystem/diff-json.ts';
import type { PodDiff } from '../../src/filesystem/pod-diff.ts';
import { diffLines } from '../../src/filesystem/present.ts';
import { walkContainer } from '../../src/filesystem/walk-container.ts';
import { processIo, writeChunk } from '../../src/output/io.ts';
import { largerPieces } from '../../src/output/pieces.ts';
import { localNode } from '../collector/local-node.ts';
import { localCollector } from './local-collector.ts';
import { target } from './sample-diff.ts';

/*
 * `diff-alone.ts UPPER LOWER…`: a diff in a process of its own, from the node's scripts to the table on stdout, with a case between and
 * a spool as large as a collector's. Mounts that, so it wants a mount namespace of its own. What it took goes to stderr as JSON.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const [upper = '', ...lowers] = positionals;
const io = processIo();
const { signal } = new AbortController();
const directory = await mkdtemp(join(tmpdir(), 'kubectl-ir-alone-'));
const node = localNode('/.');
const spool = node.env['IR_SPOOL'] ?? '';
if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', spool]).status !== 0)
  throw new Error('the spool could not be mounted');
await writeFile(join(spool, 'digest'), 'sha256sum\n');
await writeFile(join(spool, 'ready'), '');

const started = io.monotonic();
const opened = await openCase(io, { dir: join(directory, 'case'), target: target.name });
const acquisition = await opened.startAcquisition({
  kind: 'diff',
  target: target.name,
  node: 'local',
  options: {},
});
const log = await ChangeLog.open(opened.dir);
const { blind, capabilities } = await walkContainer(
  localCollector(node),
  target.id,
  { upper, lowers, userAttributes: false },
  { mountPoints: new Set(), started: undefined },
  { sink: acquisition, log, signal },
);
const diff: PodDiff = {
  apiVersion: 'kubectl-ir/v1',
  kind: 'PodDiff',
  pod: { namespace: '', name: target.name, uid: '', node: 'local' },
  containers: [
    containerDiff(target, {
      driver: 'overlay',
      changes: log,
      mounts: [],
      processes: [],
      openFiles: [],
      namespaces: [],
      blind,
      capabilities,
    }),
  ],
};
await acquisition.addFile('live_response/pod-diff.json', Readable.from(bytesOf(diffJson(diff, 0))), {
  artifact: 'pod-diff',
  source: 'made from the items of this acquisition',
});
await acquisition.finish({ outcome: blind.length === 0 ? 'complete' : 'partial' });
await opened.close();
for await (const piece of largerPieces(linesOf(diff))) await writeChunk(io.stdout, piece);
const seconds = (io.monotonic() - started) / 1000;
await log.close();
spawnSync('umount', ['-l', spool]);
node.remove();
await rm(directory, { recursive: true });
const status = await readFile('/proc/self/status', 'utf8');
const peakKiB = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]);
await writeChunk(io.stderr, JSON.stringify({ seconds, peakKiB, blind }));

async function* linesOf(one: PodDiff): AsyncGenerator<string, void> {
  for await (const line of diffLines(one)) yield `${line}\n`;
}

async function* bytesOf(texts: AsyncIterable<string>): AsyncGenerator<Buffer, void> {
  for await (const piece of largerPieces(texts)) yield Buffer.from(piece, 'utf8');
}
