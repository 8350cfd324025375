import { expect } from 'chai';
import { tmpdir } from 'node:os';
import type { Pod } from '../../src/cluster/objects.ts';
import type { Collector } from '../../src/collector/collector.ts';
import { diffExitCode } from '../../src/filesystem/container-diff.ts';
import { diffPod } from '../../src/filesystem/diff.ts';
import type { DiffOptions } from '../../src/filesystem/diff.ts';
import type { Change, PodDiff } from '../../src/filesystem/pod-diff.ts';
import { changesOf } from '../../src/filesystem/changes.ts';
import { DiffSpool } from '../../src/filesystem/change-log.ts';
import { diffLines } from '../../src/filesystem/present.ts';
import { OperationError, PartialError } from '../../src/output/errors.ts';
import { MemorySink } from '../collector/local-node.ts';
import { aPod } from '../fake-api/builders.ts';
import { failureOf } from '../support/failure.ts';
import { token as walkToken, walkText } from './walk-outputs.ts';
import type { MadeFile } from './walk-outputs.ts';

const id = 'b'.repeat(64);
const located = `live_response/containers/${id}`;
const table = '[root]/proc/40/mountinfo';
const overlay = 'rw,lowerdir=/s/1/fs,upperdir=/s/2/fs';
const root: MadeFile = { path: '', mode: '41ed' };

/** What the node sends for one script, by the names of the items; @ stands for the token that the script was given. */
type Answers = Readonly<Record<string, Readonly<Record<string, string>>>>;

const place = {
  'live_response/containers/boot-time.txt': 'btime 1000\n',
  [`${located}/cgroup.txt`]: `40/cgroup:0::/kubepods/pod1/${id}\n@end\n`,
  [`${located}/stat.txt`]: `40/stat:40 (app) S 2 1 1 0 -1 4194304 1 1 1 1 1 1 1 1 20 0 1 0 100 1 1 1\n@end\n`,
  [`${located}/status.txt`]: '40/status:NSpid:\t40\t1\n@end\n',
  [`${located}/executables.txt`]: '40/exe 1 100 5 6\n@end\n',
  [`${located}/executable-links.txt`]: `40/exe'40/exe' -> '/app (deleted)'@\n@end\n`,
  [`${located}/open-files.txt`]: '@end\n',
  [`${located}/open-file-links.txt`]: '@end\n',
  [table]: `10 5 0:40 / / rw - overlay overlay ${overlay}\n`,
};
const walkOf = (container: readonly MadeFile[]): Record<string, string> => {
  const files = [root, ...container];
  const text = walkText({ upper: files, image: [root], container: files });
  return { [`${located}/diff/walk.txt`]: text.replaceAll(walkToken, '@') };
};
const quiet: Answers = { 'diff-locate': place, diff: walkOf([]) };
const without = (name: string): Answers => ({
  ...quiet,
  'diff-locate': Object.fromEntries(Object.entries(place).filter(([key]) => key !== name)),
});
const having = (more: Record<string, string>): Answers => ({
  ...quiet,
  'diff-locate': { ...place, ...more },
});

const artifacts: Readonly<Record<string, string>> = {
  diff: 'container-diff',
  runtimes: 'runtime',
  'node-files': 'container-store',
  'node-places': 'container-store',
};

/** The pod's container ended. */
const ended = (): Pod => {
  const pod = aPod('web');
  for (const status of pod.status?.containerStatuses ?? []) status.state = { terminated: { exitCode: 137 } };
  return pod;
};

describe('diffPod', () => {
  let calls: { readonly script: string; readonly args: readonly string[]; readonly input: string }[];
  let sink: MemorySink;
  let spool: DiffSpool;
  beforeEach(() => {
    calls = [];
    sink = new MemorySink();
    spool = new DiffSpool();
  });
  afterEach(() => spool.close());
  const options = (containers: readonly string[] = []): DiffOptions => ({
    containers,
    content: true,
    newLog: () => spool.log(tmpdir()),
    sink,
    signal: new AbortController().signal,
  });
  const changesIn = async ({ containers: [container] }: PodDiff): Promise<Change[]> => {
    const changes: Change[] = [];
    for await (const change of container?.changes ?? changesOf([])) changes.push(change);
    return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
  };

  /** A collector that sends the answers, the item `cut` as truncated; the stream of the script `broken` breaks behind them. */
  const collectorOf = (answers: Answers, broken?: string, cut?: string): Collector => {
    const collect: Collector['collect'] = async (script, args, to, signal, input) => {
      signal.throwIfAborted();
      const name = typeof script === 'string' ? script : script.name;
      calls.push({ script: name, args, input: Buffer.from(input ?? []).toString() });
      let sequence = 0;
      for (const [item, text] of Object.entries(answers[name] ?? {})) {
        const bytes = Buffer.from(text.replaceAll('@', args[0] ?? ''), 'latin1');
        sequence += 1;
        const artifact = artifacts[name] ?? 'container';
        await to.begin({ sequence, artifact, name: Buffer.from(item, 'latin1'), type: 'file' });
        await to.write(bytes);
        await to.end({ outcome: item === cut ? 'truncated' : 'ok', length: bytes.length });
      }
      if (name === broken) throw new PartialError('the stream broke');
      return { items: sequence, bytes: 0 };
    };
    return { collect } as unknown as Collector;
  };
  const diff = (
    answers: Answers,
    more: {
      readonly pod?: Pod;
      readonly containers?: readonly string[];
      readonly broken?: string;
      readonly cut?: string;
    } = {},
  ): Promise<PodDiff> =>
    diffPod(collectorOf(answers, more.broken, more.cut), more.pod ?? aPod('web'), options(more.containers));
  const scripts = (): string[] => calls.map(({ script }) => script);

  it('finds nothing where nothing is, says whose it is, and asks for no contents', async () => {
    const found = await diff({ ...having({ [`${located}/executables.txt`]: '@end\n' }) });
    expect(found.pod).to.include({ namespace: 'default', name: 'web', node: 'node-a' });
    expect(found.containers[0]).to.deep.include({
      name: 'app',
      id,
      driver: 'overlay',
      blind: [],
    });
    expect(await changesIn(found)).to.deep.equal([]);
    expect(diffExitCode(found)).to.equal(0);
    expect(scripts()).to.deep.equal(['diff-locate', 'diff']);
    expect(calls[0]?.args.slice(1)).to.deep.equal([id]);
  });
  it('finds changes, takes their contents from the writable layer, and keeps all that the node sent', async () => {
    const loot = { path: '/tmp/-rf\n$(id)', size: 3 };
    const found = await diff({ ...quiet, diff: walkOf([loot, { path: '/etc/shadow', size: 3 }]) });
    expect((await changesIn(found)).map(({ path }) => path)).to.deep.equal([
      '/etc/shadow',
      '/tmp/-rf\\x0a$(id)',
    ]);
    expect(diffExitCode(found)).to.equal(1);
    expect(calls.slice(1).map(({ script, input }) => [script, input])).to.deep.equal([
      ['diff', '/s/2/fs\n/s/1/fs\n'],
      ['diff-content', '/s/2/fs\n/tmp/-rf\\0012\\0044\\0050id\\0051\n'],
    ]);
    expect(sink.items.map(({ header }) => header.name.toString())).to.include.members([
      table,
      `${located}/diff/walk.txt`,
    ]);
  });
  it('tells the mount points and the start of the first process to the judgement', async () => {
    const mount = '11 10 8:1 /v /data rw - ext4 /dev/sda rw\n';
    const files = [
      { path: '/data', mode: '41ed', changed: 1001 },
      { path: '/late', mode: '41ed', changed: 1001 },
    ];
    const found = await diff({
      ...having({
        [table]: place[table] + mount,
        '[root]/proc/1/mountinfo': '1 0 8:1 / /disk rw - ext4 /dev/sda rw\n',
      }),
      diff: walkOf(files),
    });
    const [container] = found.containers;
    expect((await changesIn(found)).map(({ flags }) => flags)).to.deep.equal([['runtime'], []]);
    expect(container?.mounts.map(({ path, nodePath }) => [path, nodePath])).to.deep.equal([
      ['/data', '/disk/v'],
    ]);
  });
  it('finds a process that runs a deleted file', async () => {
    const found = await diff(having({ [`${located}/executables.txt`]: '40/exe 0 100 5 6\n@end\n' }));
    expect(found.containers[0]?.processes).to.deep.equal([
      {
        pid: 40,
        containerPid: 1,
        name: 'app',
        executable: '/app',
        reason: 'deleted',
        size: 100,
        started: '1970-01-01T00:16:41.000000000Z',
      },
    ]);
    expect(diffExitCode(found)).to.equal(1);
  });

  it('refuses an unknown container name before the node is asked', async () => {
    const failure = await failureOf(diff(quiet, { containers: ['ap'] }));
    expect(failure).to.be.instanceOf(OperationError).with.property('advice', 'its containers: app');
    expect(calls).to.deep.equal([]);
  });
  it("looks for a container that ended in what the node's runtimes keep, and is blind when none knows it", async () => {
    const places = { 'live_response/node-places.txt': '1 /var/lib/containerd@2 @3 @' };
    const found = await diff({ 'node-places': places }, { pod: ended() });
    expect(found.containers[0]?.blind[0]?.why).to.equal(
      "it has no process, and no runtime's record on the node names it; searched: /var/lib/containerd",
    );
    expect(diffExitCode(found)).to.equal(3);
    expect(scripts()).to.deep.equal([
      'diff-locate',
      'runtimes',
      'node-files',
      'node-places',
      'node-databases',
    ]);
  });

  const blindCases: readonly (readonly [string, Answers, RegExp])[] = [
    [
      'whose process is not found',
      without(`${located}/stat.txt`),
      /^it has no process, and no runtime's record on the node names it; no runtime keeps any there$/,
    ],
    [
      'whose list of processes was cut',
      having({ [`${located}/cgroup.txt`]: `40/cgroup:0::/kubepods/pod1/${id}\n` }),
      /^it has no process, and no runtime's record on the node names it; no runtime keeps any there$/,
    ],
    [
      'whose processes only mention its id',
      having({ [`${located}/cgroup.txt`]: `40/cgroup:0::/kubepods/${'c'.repeat(64)}/${id}\n@end\n` }),
      /^it has no process, and no runtime's record on the node names it; no runtime keeps any there$/,
    ],
    ['whose mount table did not come', without(table), /^the mount table of its first process, 40,/],
    ['whose mount table is empty', having({ [table]: '\x1b[2J\n' }), /^its mount table names no root$/],
    [
      'whose root is no overlay',
      having({ [table]: '10 5 8:1 / / rw - ext4 /dev/sda rw\n' }),
      /^its storage is ext4, not overlay/,
    ],
    ['of which the walk sent nothing', { ...quiet, diff: {} }, /^the node sent nothing of the walk$/],
    [
      'whose programs are not known',
      without(`${located}/executable-links.txt`),
      /^what they run could not be read$/,
    ],
  ];
  for (const [what, answers, why] of blindCases)
    it(`is blind, and never "no changes", for a container ${what}`, async () => {
      const found = await diff(answers);
      expect(found.containers[0]?.blind.map((blind) => blind.why)).to.have.length(1);
      expect(found.containers[0]?.blind[0]?.why).to.match(why);
      expect(diffExitCode(found)).to.equal(3);
      const lines: string[] = [];
      for await (const line of diffLines(found)) lines.push(line);
      expect(lines.join('\n')).to.match(/^no changes found; NOT everything was looked at in: app$/m);
    });
  it('does not believe a mount table that was cut', async () => {
    const found = await diff(quiet, { cut: table });
    expect(found.containers[0]?.blind[0]?.why).to.match(/^the mount table of its first process, 40,/);
    expect(scripts()).not.to.include('diff');
  });
  it('tells the hidden process although the layers are not known', async () => {
    const found = await diff(
      having({
        [table]: '10 5 8:1 / / rw - ext4 /dev/sda rw\n',
        [`${located}/executables.txt`]: '40/exe 0 100 5 6\n@end\n',
      }),
    );
    expect(found.containers[0]).to.include({ driver: 'ext4' });
    expect(found.containers[0]?.processes.map(({ pid }) => pid)).to.deep.equal([40]);
    expect(scripts()).not.to.include('diff');
    expect(calls.at(-1)).to.deep.include({ script: 'executables', args: ['these', '40'] });
  });

  for (const broken of ['diff-locate', 'diff', 'diff-content'])
    it(`passes on that the stream of ${broken} broke, although all of it had come`, async () => {
      const failure = await failureOf(
        diff({ ...quiet, diff: walkOf([{ path: '/f', size: 3 }]) }, { broken }),
      );
      expect(failure).to.be.instanceOf(PartialError).with.property('message', 'the stream broke');
      expect(scripts().at(-1)).to.equal(broken);
    });
  it('stops at an interrupt', async () => {
    const interrupt = new AbortController();
    interrupt.abort(new Error('interrupted'));
    const failure = await failureOf(
      diffPod(collectorOf(quiet), aPod('web'), { ...options(), signal: interrupt.signal }),
    );
    expect(failure.message).to.equal('interrupted');
    expect(calls).to.deep.equal([]);
  });
});
