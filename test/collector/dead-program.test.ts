import { expect } from 'chai';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectFrames } from '../../src/collector/running.ts';
import { mountsScript, namedScript } from '../../src/collector/scripts.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';

/** Runs a program from a file system of a mount namespace of their own, and says its PID. */
const start = `
python3 "$1" "$2/m" /bin/busybox "$2/stop" &
until [ -x "$2/m/p" ]; do sleep 0.1; done
(exec -a sleep "$2/m/p" 600) &
until [ "$(readlink "/proc/$!/exe")" = "$2/m/p" ]; do sleep 0.1; done
sleep 1
echo $!
wait`;
const server = join(import.meta.dirname, 'dead-program.py');

describe('a program that runs from a file system which answers nobody any more', function () {
  this.timeout(300_000);
  let dir: string;
  let node: LocalNode;
  let world: ChildProcess;
  let pid: number;

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'dead-program-'));
    mkdirSync(join(dir, 'm'));
    node = localNode('/');
    const words = ['--mount', '--propagation', 'private', 'bash', '-c', start, 'bash', server, dir];
    world = spawn('unshare', words, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    if (world.stdout === null) throw new Error('there is no pipe');
    const [line] = (await once(world.stdout, 'data')) as [Buffer];
    pid = Number(line);
    writeFileSync(join(dir, 'stop'), '');
  });
  after(() => {
    // With the server its file system ends, and with that all that waits for it.
    process.kill(-(world.pid ?? 0), 'SIGKILL');
    node.remove();
    rmSync(dir, { recursive: true, force: true });
  });

  const collect = async (script: string, args: readonly string[]): Promise<MemorySink> => {
    const sink = new MemorySink();
    const signal = AbortSignal.timeout(250_000);
    await collectFrames(node.exec, namedScript(script), sink, { args, signal, input: Buffer.alloc(0) });
    return sink;
  };

  it('holds up nobody who looks at all processes, and takes none of the others with it', async () => {
    const sink = await collect('processes', []);
    const looked = sink.named('live_response/process/executables.txt');
    expect(looked.end.outcome).to.equal('ok');
    expect(looked.data.toString()).to.match(new RegExp(`^${process.pid} `, 'm'));
    expect(looked.data.toString()).not.to.match(new RegExp(`^${pid} `, 'm'));
    const program = sink.named(`[root]/proc/${pid}/exe`);
    expect(program.header.target?.toString()).to.equal(join(dir, 'm/p'));
    expect(sink.named(`[root]/proc/${pid}/cmdline`).data.toString()).to.equal('sleep\u0000600\u0000');
  });

  it('holds up nobody who lists what lies on that file system', async () => {
    const sink = new MemorySink();
    const input = Buffer.from(`1 ${pid}\n${join(dir, 'm')}\n`);
    const signal = AbortSignal.timeout(90_000);
    await collectFrames(node.exec, mountsScript(), sink, { args: ['token', 'a', '1'], signal, input });
    expect(sink.named('live_response/containers/a/mounts/1').end.outcome).to.equal('timeout');
  });

  it('holds up nobody who looks for programs without a name', async () => {
    await collect('executables', ['all']);
  });
});
