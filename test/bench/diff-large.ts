import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runJob, script } from '../../scripts/job.ts';
import { diffSecondsOn } from './node-work.ts';
import { kubectlDiff, type Timed } from './timed-diff.ts';
import { writeImages } from '../cluster/images/oci.ts';
import type { Entry } from '../cluster/images/layer.ts';
import { busybox } from '../cluster/images/programs.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from '../e2e/support/workload.ts';
import { kubectl, onNode } from '../e2e/support/world.ts';
import { type Figure, median } from './figure.ts';

const namespace = 'bench-diff-large';
const runs = 3;
const layers = 20;
const changes = 200;
const manyChanges = 100_000;
const imageBytes = 2_000_000_000;

/**
 * What a diff costs as the image grows, and as the changes grow: 200 changes in images of 5,000 and 50,000 files (the larger one of
 * 2 GB), and 100,000 changes. Beside it what containerd does, and two walks over everything, as docker diff does where it cannot
 * trust the writable layer.
 */
export async function benchLargeDiff(dir: string): Promise<Figure[]> {
  await createNamespace(namespace);
  try {
    const figures: Figure[] = [];
    const of = new Map<number, number>();
    for (const files of [5_000, 50_000]) {
      const { work, containerd, walks, table, step, whole } = await diffOf(files, dir);
      const what = `diff of ${changes} changes in an image of ${files} files`;
      of.set(files, work);
      figures.push(
        figure(`${what}, on the node`, work, 'ctr snapshots diff, on the node', containerd),
        figure('the same', work, 'two walks over all files, on the node', walks),
        { what: `${what}, without the collector's start: to the table`, ours: `${table.toFixed(2)}s` },
        { what: 'of that, the diff itself', ours: `${step.toFixed(2)}s` },
        { what: 'to the end, the collector removed', ours: `${whole.toFixed(2)}s` },
      );
    }
    const [small = 0, large = 0] = of.values();
    figures.push({ what: 'ten times the files', ours: `${(large / small).toFixed(2)} times as long` });
    return [...figures, ...(await diffOfMany(dir))];
  } finally {
    await removeNamespaces(namespace);
  }
}

/** Medians in seconds, all measured in turn. */
async function diffOf(
  files: number,
  dir: string,
): Promise<Omit<Timed, 'peakKiB'> & Readonly<Record<'work' | 'containerd' | 'walks', number>>> {
  const name = `files-${files}`;
  const image = await loadImage(name, files, dir);
  await apply(namespace, [pod(name, { image, command: ['/bin/sh', '-c', 'sleep 100000'] })]);
  await untilReady(namespace);
  await plant(name, changes);
  const { node, container } = await whereIs(name);
  const ours: Timed[] = [];
  const work: number[] = [];
  const containerd: number[] = [];
  const walks: number[] = [];
  for (let i = 0; i < runs; i += 1) {
    ours.push(await kubectlDiff(namespace, name, changes, join(dir, `${name}-${i}`)));
    work.push(await diffSecondsOn(node, container, changes, dir));
    containerd.push(await seconds(node, `ctr -n k8s.io snapshots diff ${container} >/dev/null`));
    walks.push(await seconds(node, twoWalks(container)));
  }
  await kubectl(['delete', 'pod', name, '-n', namespace, '--grace-period=1']);
  return {
    work: median(work),
    containerd: median(containerd),
    walks: median(walks),
    table: median(ours.map(({ table }) => table)),
    step: median(ours.map(({ step }) => step)),
    whole: median(ours.map(({ whole }) => whole)),
  };
}

async function diffOfMany(dir: string): Promise<Figure[]> {
  const name = 'many';
  await apply(namespace, [
    pod(name, { image: 'lab.local/collector:1', command: ['/bin/sh', '-c', 'sleep 100000'] }),
  ]);
  await untilReady(namespace);
  await plant(name, manyChanges / 10);
  const tenth = await kubectlDiff(namespace, name, manyChanges / 10, join(dir, 'tenth'));
  await plant(name, manyChanges);
  const all = await kubectlDiff(namespace, name, manyChanges, join(dir, 'many'));
  return [
    {
      what: `diff of ${manyChanges} changes, without the collector's start: to the table`,
      ours: `${all.table.toFixed(2)}s`,
    },
    { what: 'ten times the changes', ours: `${(all.table / tenth.table).toFixed(1)} times as long` },
    { what: 'its peak memory', ours: `${Math.round(all.peakKiB / 1024)}Mi` },
  ];
}

/** An image of so many files in many layers, on every node; the same content in each file costs no time to make. */
async function loadImage(name: string, files: number, dir: string): Promise<string> {
  const content = Buffer.alloc(imageBytes / 50_000, 'x');
  const base: Entry[] = [{ type: 'directory', path: 'proc' }, ...(await busybox())];
  const layer = (number: number): Entry[] =>
    Array.from({ length: files / layers }, (_, i) => ({
      type: 'file' as const,
      path: `usr/share/data/d${i % 100}/l${number}-${i}`,
      content,
    }));
  const tar = join(dir, `${name}.tar`);
  const image = {
    repository: `lab.local/${name}`,
    tag: '1',
    layers: [base, ...Array.from({ length: layers }, (_, i) => layer(i))],
  };
  const [reference] = await writeImages(tar, [image]);
  const { code, output } = await runJob(script('test/cluster/main.ts', 'load', tar));
  await rm(tar);
  if (code !== 0 || reference === undefined) throw new Error(`the image was not loaded: ${output}`);
  return reference.tagged;
}

/** Makes so many files in the container. */
async function plant(name: string, count: number): Promise<void> {
  const make = `i=0; while [ $i -lt ${count} ]; do d=/srv/d$((i / 200)); [ -d $d ] || mkdir -p $d; echo $i >$d/file-$i; i=$((i + 1)); done`;
  await kubectl(['exec', '-n', namespace, name, '--', 'sh', '-c', make]);
}

async function whereIs(name: string): Promise<{ readonly node: string; readonly container: string }> {
  const get = ['get', 'pod', name, '-n', namespace, '-o'];
  const node = await kubectl([...get, 'jsonpath={.spec.nodeName}']);
  const id = await kubectl([...get, 'jsonpath={.status.containerStatuses[0].containerID}']);
  return { node, container: id.replace('containerd://', '') };
}

/** lstat of everything in the image and in the container. */
function twoWalks(container: string): string {
  return `
root=/run/containerd/io.containerd.runtime.v2.task/k8s.io/${container}/rootfs
lower=$(sed -n "s#^overlay $root overlay .*lowerdir=\\([^, ]*\\).*#\\1#p" /proc/mounts)
mkdir -p /run/bench-walk && mount -t overlay overlay -o "ro,lowerdir=$lower" /run/bench-walk || exit 1
find /run/bench-walk -printf '%m %U %G %s %T@ %p\\n' | wc -l
find "$root" -xdev -printf '%m %U %G %s %T@ %p\\n' | wc -l
umount /run/bench-walk`;
}

/** Seconds that a shell line takes on a node. */
async function seconds(node: string, line: string): Promise<number> {
  const started = 'TIMEFORMAT=%R; time {';
  const { code, stderr } = await onNode(
    node,
    `bash -c '${started} ${line.replaceAll("'", `'\\''`)}\n} >/dev/null'`,
  );
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
  return Number(stderr.trim().split('\n').at(-1));
}

function figure(what: string, ours: number, tool: string, theirs: number): Figure {
  return {
    what,
    ours: `${ours.toFixed(2)}s`,
    tool,
    theirs: `${theirs.toFixed(2)}s`,
    ratio: (ours / theirs).toFixed(2),
  };
}
