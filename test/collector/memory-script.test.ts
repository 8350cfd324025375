import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { callScript, collectFrames } from '../../src/collector/running.ts';
import { scriptText } from '../../src/collector/scripts.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';

const { signal } = new AbortController();

/** Memory shared without a file, that of a file in memory, and that of one whose directory looks like the device's. */
const program = `
import mmap, os, sys, tempfile
held = [mmap.mmap(-1, 8192)]
looks = os.path.join(tempfile.mkdtemp(prefix='x '), 'x /dev/')
os.makedirs(looks)
for place in '/dev/shm', looks:
    file = tempfile.TemporaryFile(dir=place)
    file.truncate(8192)
    held.append(mmap.mmap(file.fileno(), 8192))
held.append(mmap.mmap(-1, 64 << 20))
for number, one in enumerate(held):
    one[:7] = b'secret%d' % number
print('ready', flush=True)
sys.stdin.read()`;

describe('memory.sh', function () {
  this.timeout(60_000);
  let node: LocalNode;
  let child: ChildProcess;
  /** Shared memory of it that is there, in kB. */
  let atFirst: number;
  const sharedMemory = (): number =>
    Number(/^RssShmem:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]);

  before(async () => {
    node = localNode();
    child = spawn('python3', ['-c', program, node.directory], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (child.stdout === null) throw new Error('there is no pipe');
    await once(child.stdout, 'data');
    atFirst = sharedMemory();
  });
  after(() => {
    child.kill('SIGKILL');
    node.remove();
  });

  const script = (): { name: string; text: string } => ({
    name: 'memory',
    text: `pods_processes() { echo ${child.pid}; }\n${scriptText('memory')}`,
  });

  it('takes what has the name of a device, but not what is one', async () => {
    const sink = new MemorySink();
    await collectFrames(node.exec, script(), sink, { args: ['take', 'u', '1000000000'], signal });
    for (const secret of ['secret0', 'secret1', 'secret2'])
      expect(
        sink.items.some(({ data }) => data.subarray(0, 7).toString() === secret),
        secret,
      ).to.equal(true);
    const maps = sink.named(`live_response/process/${child.pid}/memory/maps`).data.toString();
    const lent = /^(\S+) .*\[vvar\]$/m.exec(maps)?.[1];
    expect(lent).to.be.a('string');
    expect(sink.items.some(({ header }) => header.name.toString().endsWith(`/${lent}`))).to.equal(false);
    expect(sink.items.every(({ end }) => end.outcome === 'ok')).to.equal(true);
  });

  it('takes shared memory that is mostly holes without filling them', async () => {
    const sink = new MemorySink();
    await collectFrames(node.exec, script(), sink, { args: ['take', 'u', '1000000000'], signal });
    const taken = sink.items.find(({ data }) => data.subarray(0, 7).toString() === 'secret3');
    expect(taken?.data.length).to.equal(64 * 1024 * 1024);
    expect(sharedMemory()).to.equal(atFirst);
  });

  it('measures what it would take', async () => {
    const call = { args: ['measure', 'u', '1000000000'], limit: 100, signal };
    const { stdout } = await callScript(node.exec, script(), call);
    const sink = new MemorySink();
    await collectFrames(node.exec, script(), sink, { args: ['take', 'u', '1000000000'], signal });
    const taken = sink.items.slice(1).reduce((sum, { data }) => sum + data.length, 0);
    expect(Number(stdout)).to.equal(taken);
  });
});
