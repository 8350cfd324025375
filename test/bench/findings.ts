import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Acquisition } from '../../src/evidence/acquisition.ts';
import { openCase } from '../../src/evidence/case.ts';
import { processIo } from '../../src/output/io.ts';
import { formatSize } from '../../src/output/size.ts';
import { fileHeader } from '../evidence/sandbox.ts';
import {
  cleanNode,
  type Content,
  containerMountTable,
  nodeMountTable,
  podList,
  podObject,
  processItems,
  specItems,
  web,
} from '../findings/traces-lab.ts';
import { type Figure, median } from './figure.ts';
import { runProgram } from './program.ts';

/** A node as full as Kubernetes advises, and parts of it. */
const whole = { pods: 110, processesOfPod: 6, processesOfNode: 140, files: 500_000, packages: 600 };
const parts = [0.25, 0.5, 1];
const runs = 3;
const filesOfPackage = 80;
const bodyfile = 'bodyfile/bodyfile.txt';
/** Lines that are written at once. */
const piece = 10_000;

/** The rules over a case with everything that a full snapshot takes of a busy node, and over smaller ones of the same make. */
export async function benchFindings(dir: string, program: readonly string[]): Promise<Figure[]> {
  const measured: { readonly bytes: number; readonly seconds: number; readonly peakKiB: number }[] = [];
  for (const part of parts) {
    const place = join(dir, 'findings-case');
    const bytes = await makeCase(place, part);
    try {
      const ran = [];
      for (let run = 0; run < runs; run += 1) ran.push(await judged(place, program));
      const seconds = median(ran.map((one) => one.seconds));
      measured.push({ bytes, seconds, peakKiB: Math.max(...ran.map(({ peakKiB }) => peakKiB)) });
    } finally {
      await rm(place, { recursive: true });
    }
  }
  const [last] = measured.slice(-1);
  const columns = (text: (one: (typeof measured)[number]) => string): string => measured.map(text).join('; ');
  return [
    {
      what: `findings over a node case of ${columns(({ bytes }) => formatSize(bytes))}, whole command`,
      ours: columns(({ seconds }) => `${seconds.toFixed(2)}s`),
    },
    { what: 'peak memory of the last', ours: `${Math.round((last?.peakKiB ?? 0) / 1024)}Mi` },
  ];
}

async function judged(
  place: string,
  program: readonly string[],
): Promise<{ seconds: number; peakKiB: number }> {
  let output = '';
  const command = [...program, 'findings', place, '-o', 'json'];
  const { seconds, peakKiB, code, stderr } = await runProgram(command, (chunk) => {
    output += chunk.toString();
  });
  if (code !== 0) throw new Error(`findings ended with ${code ?? 'a signal'}: ${stderr}`);
  const { items } = JSON.parse(output) as { items: readonly { rule: string }[] };
  // One thing is planted, so that a run which read nothing is none.
  if (items.length !== 1 || items[0]?.rule !== 'setuid-planted')
    throw new Error(`${items.length} findings: ${output.slice(0, 500)}`);
  return { seconds, peakKiB };
}

/** Bytes of the case on disk. */
async function makeCase(dir: string, part: number): Promise<number> {
  const opened = await openCase(processIo(), { dir, target: 'node' });
  const acquisition = await opened.startAcquisition({
    kind: 'node',
    target: 'node-a',
    node: 'node-a',
    options: { phases: ['processes'] },
  });
  for (const [name, content] of Object.entries(smallItems(part)))
    if (name !== bodyfile) await addItem(acquisition, name, content);
  await addLines(acquisition, bodyfile, Math.round(whole.files * part), fileLine);
  const packages = Math.round(whole.packages * part);
  for (let index = 0; index < packages; index += 1)
    await addLines(acquisition, `[root]/var/lib/dpkg/info/package-${index}.md5sums`, filesOfPackage, (line) =>
      sumLine(index * filesOfPackage + line),
    );
  await acquisition.finish({ outcome: 'complete' });
  await opened.close();
  const sizes = await Promise.all(
    (await readdir(acquisition.dir)).map(async (file) => (await stat(join(acquisition.dir, file))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Everything but long files: processes of pods and of the node, their specifications, pods, configuration. */
function smallItems(part: number): Record<string, Content> {
  const items: Record<string, Content> = {
    ...cleanNode(),
    ...processItems(1, { exe: '/usr/lib/systemd/systemd', mounts: nodeMountTable }),
  };
  const pods: object[] = [podObject(web)];
  const fd = Object.fromEntries(Array.from({ length: 12 }, (_, number) => [number, '/dev/null']));
  for (let index = 0; index < whole.pods * part; index += 1) {
    const which = { id: hex(index, 64), pod: `${hex(index, 8)}-0000-0000-0000-000000000000` };
    const name = `web-${index}`;
    pods.push(podObject(which, { name }));
    Object.assign(items, specItems(which));
    const namespaces = { mnt: 1000 + index, pid: 2000 + index, net: 3000 + index, ipc: 4000 + index };
    for (let one = 0; one < whole.processesOfPod; one += 1)
      Object.assign(
        items,
        processItems(1000 + index * whole.processesOfPod + one, {
          ...{ in: which, namespaces, fd },
          ...(one === 0 ? { mounts: containerMountTable() } : {}),
        }),
      );
  }
  for (let index = 0; index < whole.processesOfNode * part; index += 1)
    Object.assign(items, processItems(100 + index, { exe: '/usr/bin/daemon', fd }));
  const pids = Object.keys(items).flatMap((name) => /^\[root\]\/proc\/([0-9]+)\/stat$/.exec(name)?.[1] ?? []);
  const programs = Array.from({ length: 3000 * part }, (_, index) => sumLine(index * 7)).join('');
  return {
    ...items,
    'live_response/kubernetes/pods.json': podList(...pods),
    'live_response/kubernetes/kubelet/pods.json': podList(...pods),
    'live_response/process/descriptor_mounts.txt': '',
    'live_response/process/second_look.txt': pids.map((pid) => `${pid} 50000\n`).join(''),
    'live_response/process/cgroup_pids.txt': pids.map((pid) => `${pid}\n`).join(''),
    'live_response/process/answering_pids.txt': pids.map((pid) => `${pid}\n`).join(''),
    'live_response/packages/programs.md5': programs,
    'live_response/pod-diff.json': JSON.stringify({ kind: 'PodDiff', containers: [] }),
  };
}

async function addItem(acquisition: Acquisition, name: string, content: Content): Promise<void> {
  if (typeof content === 'object' && 'target' in content) {
    await acquisition.begin(fileHeader(name, { type: 'symlink', target: Buffer.from(content.target) }));
    await acquisition.end({ outcome: 'ok', length: 0 });
    return;
  }
  const bytes = Buffer.from(typeof content === 'object' && 'bytes' in content ? content.bytes : content);
  await acquisition.begin(fileHeader(name));
  await acquisition.write(bytes);
  await acquisition.end({ outcome: 'ok', length: bytes.length });
}

async function addLines(
  acquisition: Acquisition,
  name: string,
  count: number,
  line: (index: number) => string,
): Promise<void> {
  await acquisition.begin(fileHeader(name));
  let length = 0;
  for (let from = 0; from < count; from += piece) {
    const lines = Array.from({ length: Math.min(piece, count - from) }, (_, i) => line(from + i));
    const bytes = Buffer.from(lines.join(''));
    await acquisition.write(bytes);
    length += bytes.length;
  }
  await acquisition.end({ outcome: 'ok', length });
}

/** The first of them is the one thing to be found. */
function fileLine(index: number): string {
  const time = 1_763_000_000 + (index % 86_400);
  if (index === 0) return `0|/tmp/.helper|7|-rwsr-xr-x|0|0|1024|${time}|${time}|${time}|0\n`;
  return `0|/usr/share/doc/package-${index % 3000}/file-${index}|${index}|-rw-r--r--|0|0|${index % 100_000}|${time}|${time}|${time}|0\n`;
}

function sumLine(index: number): string {
  return `${hex(index, 32)}  usr/bin/program-${index}\n`;
}

function hex(index: number, length: number): string {
  return (index + 1).toString(16).padStart(length, '0');
}
