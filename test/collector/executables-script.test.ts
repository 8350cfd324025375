import { expect } from 'chai';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectFrames } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';

/** Keeps open what it deletes: a file with each of the names, each with its name in it. Says when it is done. */
const hold = `import os, sys, time
kept = []
for name in sys.argv[1:]:
    kept.append(open(name, "w"))
    kept[-1].write(name)
    kept[-1].flush()
    os.unlink(name)
shared = os.memfd_create("shared")
os.write(shared, b"shared memory")
print("done", flush=True)
time.sleep(600)`;

describe('executables.sh', function () {
  this.timeout(60_000);
  let dir: string;
  let node: LocalNode;
  let started: ChildProcess[];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'executables-'));
    node = localNode('/');
    started = [];
  });
  afterEach(() => {
    for (const child of started) child.kill('SIGKILL');
    node.remove();
    rmSync(dir, { recursive: true });
  });

  const holding = async (names: readonly string[], prefix: readonly string[] = []): Promise<number> => {
    const [program = '', ...words] = [...prefix, 'python3', '-c', hold, ...names];
    const child = spawn(program, words, { cwd: dir, stdio: ['ignore', 'pipe', 'inherit'] });
    started.push(child);
    await once(child.stdout, 'data');
    return child.pid ?? 0;
  };
  const taken = async (...pids: readonly number[]): Promise<MemorySink> => {
    const sink = new MemorySink();
    const { signal } = new AbortController();
    const args = ['these', ...pids.map(String)];
    await collectFrames(node.exec, namedScript('executables'), sink, { args, signal });
    return sink;
  };
  const contents = (sink: MemorySink, pid: number): string[] =>
    sink.items.flatMap(({ header, data }) =>
      header.name.toString().startsWith(`live_response/process/${pid}/fd/`) ? [data.toString()] : [],
    );

  it('keeps what is open and has no name, whatever it was called, and no shared memory', async () => {
    const names = ['plain', 'memfd:loot', 'SYSV00000000', 'two\nlines'];
    const pid = await holding(names);
    expect(contents(await taken(pid), pid)).to.have.members(names);
  });

  it('keeps a file that has the name of shared memory in the root of a container', async () => {
    const elsewhere = 'mount -t tmpfs none . && cd "$PWD" && exec "$@"';
    const pid = await holding(['memfd:loot'], ['unshare', '-m', 'sh', '-c', elsewhere, 'sh']);
    expect(contents(await taken(pid), pid)).to.deep.equal(['memfd:loot']);
  });

  it('leaves no process out for another that has many, and tells how many it left out', async () => {
    const many = await holding(Array.from({ length: 205 }, (_, number) => `many-${number}`));
    const few = await holding(['one', 'two']);
    const sink = await taken(many, few);
    expect(contents(sink, few)).to.have.members(['one', 'two']);
    expect(contents(sink, many)).to.have.length(198);
    expect(sink.named('live_response/process/unlinked.rest').end).to.include({
      outcome: 'truncated',
      detail: '7 more open files without a name',
    });
  });
});
