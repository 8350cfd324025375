import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperationError } from '../src/output/errors.ts';
import { processIo } from '../src/output/io.ts';
import { evidencePrograms } from '../test/support/evidence-programs.ts';
import { installPackages, type Needs } from '../test/support/packages.ts';
import { expand, ownPaths } from './files.ts';
import { cache, type Job, root, runJob, say, script, show } from './job.ts';
import { changedSince, keysOf, readPassed, writePassed } from './passed.ts';
import { nothing, one, parseCounts, plus, skipLines, type Tally, tallyOf } from './tally.ts';
import type { TestKind } from './test-kinds.ts';

/** One thing to check; says how it ended. */
export type Check = (signal: AbortSignal) => Promise<Tally>;

/** What the unit tests and the checks run, beside Node. */
const checkNeeds: Needs = {
  '/bin/busybox': 'busybox-static',
  '/usr/sbin/nft': 'nftables',
  '/bin/ip': 'iproute2',
  '/usr/bin/unshare': 'util-linux',
  '/usr/bin/python3': 'python3',
  '/usr/bin/pip3': 'python3-pip',
  '/usr/bin/ssh-keygen': 'openssh-client',
  '/usr/bin/shellcheck': 'shellcheck',
  ...evidencePrograms,
};

const minute = 60_000;
const unitLimit = 10 * minute;
/** What runs in the background may wait for all that runs beside it. */
const patience = 60 * minute;
/** So many that both processors have work to the end, so few that loading the modules again costs little (2.5 s). */
const parts = 3;
/** Modules stay compiled from one run to the next. */
const compiled = { NODE_COMPILE_CACHE: join(cache, 'compiled') };

/** Brings the programs that checks and unit tests run; false when it can't, having said what to install. */
export async function installCheckPackages(): Promise<boolean> {
  try {
    await installPackages(checkNeeds, processIo(), say);
    return true;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    await say(`error: ${error.message} ${error.advice ?? ''}`);
    return false;
  }
}

/**
 * The checks that read the sources, the longest first. `cached` leaves out files for which nothing changed since they
 * passed; `npm test` looks at all, in the background.
 */
export function sourceChecks({ cached }: { readonly cached: boolean }): Check[] {
  const background = !cached;
  return [
    checkOf('eslint', () => ({
      ...script('scripts/lint.ts', ...(cached ? [] : ['--all'])),
      env: compiled,
      background,
      limitMs: patience,
    })),
    checkOf('types', () => ({ ...tool('tsc', '--build'), background, limitMs: patience })),
    fileCheck('format', formatted, cached),
    checkOf('house rules', () => ({
      ...script('scripts/house-rules.ts'),
      env: compiled,
      background,
      limitMs: patience,
    })),
    fileCheck('shellcheck', shellchecked, cached),
  ];
}

/** The tests of a kind, in parts. `runs`: how often a property is tried at least, by default a few. */
export function testChecks(kind: TestKind, runs?: number): Check[] {
  return Array.from({ length: parts }, (_, i) => testPart(kind, i + 1, runs));
}

/** Runs checks, so many at a time; the counts are those of all that ended. */
export async function runChecks(
  checks: readonly Check[],
  atOnce: number,
  signal: AbortSignal,
): Promise<Tally> {
  const waiting = [...checks];
  let tally = nothing;
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined && !signal.aborted; check = waiting.shift()) {
      const result = await check(signal);
      tally = plus(tally, result);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return tally;
}

/** A program that counts as one; what it printed is shown when it failed. */
function checkOf(name: string, job: () => Job | Promise<Job>): Check {
  return async (signal) => {
    const result = await runJob({ ...(await job()), signal });
    await sayResult(name, result.code === 0, result.ms);
    if (result.code !== 0) await show(result.output);
    return one(result.code === 0);
  };
}

/** A program that judges files one by one: it gets those that are not, `cached`, as they were when they passed. */
function fileCheck(name: string, look: () => Promise<Look>, cached: boolean): Check {
  return async (signal) => {
    const { program, args, paths, surroundings } = await look();
    const keys = await keysOf(paths, [program, ...args, ...surroundings].join('\0'));
    const changed = changedSince(keys, cached ? await readPassed(name) : {});
    const job = { program, args: [...args, ...changed], background: !cached, limitMs: patience };
    const check = checkOf(name, () => job);
    if (changed.length > 0 && (await check(signal)).failed > 0) return one(false);
    if (changed.length === 0) await sayResult(name, true, 0);
    await writePassed(name, keys);
    return one(true);
  };
}

/** A program and what it judges; the versions and configuration that it goes by. */
interface Look extends Pick<Job, 'program' | 'args'> {
  readonly paths: readonly string[];
  readonly surroundings: readonly string[];
}

function tool(program: string, ...args: readonly string[]): Pick<Job, 'program' | 'args'> {
  return { program: join(root, 'node_modules/.bin', program), args };
}

async function formatted(): Promise<Look> {
  const configuration = ['package-lock.json', '.prettierrc.json', '.prettierignore'];
  return {
    ...tool('prettier', '--check', '--log-level=warn', '--ignore-unknown'),
    paths: await ownPaths(),
    surroundings: await Promise.all(configuration.map((path) => readFile(join(root, path), 'utf8'))),
  };
}

async function shellchecked(): Promise<Look> {
  return {
    program: 'shellcheck',
    // A file may be looked at without the ones it sources.
    args: ['--external-sources', '--shell=sh'],
    paths: await expand(['scripts/*.sh', 'src/**/*.sh', 'test/**/*.sh']),
    surroundings: [(await runJob({ program: 'shellcheck', args: ['--version'] })).output],
  };
}

/** A part of the tests, counted one by one; what they print is shown only when one fails. */
function testPart(kind: TestKind, part: number, runs: number | undefined): Check {
  const flags = ['--kind', kind, '--part', `${part}/${parts}`];
  const env = runs === undefined ? compiled : { ...compiled, KUBECTL_IR_PROPERTY_RUNS: String(runs) };
  const limitMs = runs === undefined ? unitLimit : 2 * unitLimit;
  return (signal) =>
    runTests(`${kind} tests ${part}/${parts}`, [], { live: false, limitMs, flags, signal, env });
}

/**
 * A run of mocha over `patterns` (none: the unit tests) with further `flags` of mocha.ts, counted by its tests; says why
 * tests were skipped.
 */
export async function runTests(
  name: string,
  patterns: readonly string[],
  options: {
    readonly live: boolean;
    readonly limitMs: number;
    readonly testMs?: number;
    readonly pending?: boolean;
    readonly flags?: readonly string[];
    readonly env?: Job['env'];
    readonly signal: AbortSignal;
  },
): Promise<Tally> {
  const directory = await mkdtemp(join(tmpdir(), 'kubectl-ir-counts-'));
  const file = join(directory, 'counts.json');
  const flags = ['--counts', file, '--reporter', options.live ? 'spec' : 'dot', ...(options.flags ?? [])];
  if (options.testMs !== undefined) flags.push('--timeout', String(options.testMs));
  if (options.pending === true) flags.push('--pending');
  const result = await runJob({
    ...script('scripts/mocha.ts', ...flags, ...patterns),
    live: options.live,
    limitMs: options.limitMs,
    signal: options.signal,
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  const counts = parseCounts(await readFile(file, 'utf8').catch(() => ''));
  const tally = tallyOf(result.code, counts);
  await rm(directory, { recursive: true });
  await sayResult(name, tally.failed === 0, result.ms);
  if (counts !== undefined) for (const line of skipLines(counts)) await say(line);
  if (tally.failed > 0) await show(result.output);
  return tally;
}

/** One line for a finished phase. */
export async function sayResult(name: string, passed: boolean, ms: number): Promise<void> {
  await say(`${passed ? 'ok    ' : 'FAILED'}  ${name.padEnd(24)}${(ms / 1000).toFixed(1)}s`);
}
