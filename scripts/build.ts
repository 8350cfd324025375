import { glob, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import descriptor from '../package.json' with { type: 'json' };
import { assets, bundle } from './bundle.ts';
import { makeExecutable } from './executable.ts';
import { root, runJob, say } from './job.ts';
import { fillManifest } from './krew.ts';
import { digestOf, packArchive, sha256Of } from './pack.ts';

/**
 * `npm run build`: dist/kubectl-ir for this platform, the archive that krew-manifest.yaml describes, and dist/ir.yaml, the
 * manifest filled in. Does nothing when nothing of it changed since the last build.
 */
process.exitCode = 1;
const dist = join(root, 'dist');
const target = join(dist, 'kubectl-ir');
const stamp = join(dist, 'inputs.sha256');
const commit = await lastCommit();
const digest = await digestOf(await inputs(), [process.version, process.arch, commit]);
if (!(await isCurrent())) await build();
process.exitCode = 0;

async function build(): Promise<void> {
  await rm(stamp, { force: true });
  await mkdir(dist, { recursive: true });
  const work = await mkdtemp(join(dist, 'work-'));
  const main = join(work, 'kubectl-ir.cjs');
  await bundle(main, commit);
  await makeExecutable({ work, main, assets: await assets(), target });
  const name = `kubectl-ir-linux-${process.arch === 'x64' ? 'amd64' : process.arch}.tar.gz`;
  const archive = join(dist, name);
  await packArchive([join(root, 'LICENSE'), target], archive);
  const template = await readFile(join(root, 'krew-manifest.yaml'), 'utf8');
  const manifest = fillManifest(template, `v${descriptor.version}`, { [name]: await sha256Of(archive) });
  await writeFile(join(dist, 'ir.yaml'), manifest);
  await rm(work, { recursive: true });
  await writeFile(stamp, digest);
  const [executableSize, archiveSize] = await Promise.all(
    [target, archive].map(async (path) => (await stat(path)).size),
  );
  await say(
    `dist/kubectl-ir ${mebibytes(executableSize)}, dist/${name} ${mebibytes(archiveSize)}, dist/ir.yaml`,
  );
}

async function isCurrent(): Promise<boolean> {
  const [last, executable] = await Promise.all([
    readFile(stamp, 'utf8').catch(() => ''),
    stat(target).catch(() => undefined),
  ]);
  return last === digest && executable !== undefined;
}

async function inputs(): Promise<string[]> {
  const patterns = ['bin/*.ts', 'src/**/*.{ts,sh}', 'scripts/*.{ts,cjs}'];
  const files = ['package.json', 'package-lock.json', 'krew-manifest.yaml', 'LICENSE'].map((name) =>
    join(root, name),
  );
  for await (const path of glob(patterns, { cwd: root })) files.push(join(root, path));
  return files;
}

/** The last commit that touched what is built; empty outside a clone. */
async function lastCommit(): Promise<string> {
  const args = ['log', '-1', '--format=%h', '--', 'bin', 'src', 'package.json', 'package-lock.json'];
  const { code, output } = await runJob({ program: 'git', args });
  return code === 0 ? output.trim() : '';
}

function mebibytes(bytes: number | undefined): string {
  return `${((bytes ?? 0) / 2 ** 20).toFixed(1)} MiB`;
}
