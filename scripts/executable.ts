import { chmod, copyFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, runJob } from './job.ts';

/**
 * The heap grows by less at a time: what a large stream leaves behind is collected before it is a hundred megabytes. Code in
 * WebAssembly, which is undici's parser of HTTP, is optimized only when it runs for long: the optimizer takes longer over it than it
 * runs in most commands.
 */
export const v8Flags = [
  '--initial-old-space-size=16',
  '--heap-growing-percent=40',
  '--max-semi-space-size=4',
  '--wasm-tiering-budget=1000000000',
];

/** Marks where Node looks for an application in its own file (nodejs.org/api/single-executable-applications.html). */
const sentinelFuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Exit code of `runJob` for a program that is not installed. */
const missing = 127;

/**
 * Makes one executable of the Node that runs this and a bundle, in `work`, and moves it to `target` when it is whole, so
 * that a running copy is not disturbed. NODE_OPTIONS of the user's environment does not reach it.
 */
export async function makeExecutable(o: {
  readonly work: string;
  readonly main: string;
  readonly assets: Readonly<Record<string, string>>;
  readonly target: string;
}): Promise<void> {
  const [config, blob, copy] = ['sea.json', 'sea.blob', 'kubectl-ir'].map((name) => join(o.work, name)) as [
    string,
    string,
    string,
  ];
  const settings = {
    main: o.main,
    output: blob,
    assets: o.assets,
    useCodeCache: true,
    disableExperimentalSEAWarning: true,
    execArgv: v8Flags,
    execArgvExtension: 'none',
  };
  await writeFile(config, JSON.stringify(settings));
  // V8 takes a code cache only with the flags that it was made with.
  await must('node', process.execPath, [...v8Flags, '--experimental-sea-config', config]);
  await copyFile(process.execPath, copy);
  // Symbols are a seventh of the file. They must go before the blob comes in; without binutils they stay.
  await must('strip', 'strip', [copy], [0, missing]);
  const postject = join(root, 'node_modules/.bin/postject');
  await must('postject', postject, [copy, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', sentinelFuse]);
  await chmod(copy, 0o755);
  await rename(copy, o.target);
}

async function must(
  name: string,
  program: string,
  args: readonly string[],
  allowed: readonly number[] = [0],
): Promise<void> {
  const result = await runJob({ program, args });
  if (!allowed.includes(result.code))
    throw new Error(`${name} failed with exit code ${result.code}:\n${result.output}`);
}
