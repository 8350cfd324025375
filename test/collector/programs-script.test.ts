import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { collectFrames } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';

describe('programs.sh', function () {
  this.timeout(120_000);
  let nodes: LocalNode[] = [];
  afterEach(() => {
    for (const node of nodes) node.remove();
    nodes = [];
  });

  async function triedUpTo(highest: string, prefix: readonly string[] = []): Promise<MemorySink> {
    const node = localNode('/', prefix);
    nodes.push(node);
    const sink = new MemorySink();
    const { signal } = new AbortController();
    await collectFrames(node.exec, 'programs', sink, { args: [highest], signal });
    return sink;
  }

  it('tries each PID up to the one that it is told, and says what it left out', async () => {
    const most = (await readFile('/proc/sys/kernel/pid_max', 'utf8')).trim();
    const sink = await triedUpTo('1');
    expect(sink.named('live_response/process/answering_pids.txt').data.toString()).to.equal('1\n');
    const { end } = sink.named('live_response/process/answering_pids.rest');
    expect(end).to.include({ outcome: 'truncated', detail: `tried up to 1 of ${most}` });
  });

  it('leaves out nothing where no PID was given that is higher', async () => {
    // In a namespace of its own the numbers begin at 1.
    const sink = await triedUpTo('3000', ['unshare', '--pid', '--fork', '--mount-proc']);
    expect(sink.named('live_response/process/answering_pids.txt').data.toString()).to.match(/^1\n/);
    expect(sink.items.map(({ header }) => header.name)).to.not.include(
      'live_response/process/answering_pids.rest',
    );
  });

  it('tells which programs it made no digest of: too large ones, and those that take too long', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'programs-'));
    const started: ChildProcess[] = [];
    const run = (name: string): number => {
      copyFileSync('/bin/busybox', join(dir, name));
      if (name === 'padded') truncateSync(join(dir, name), 513 * 1024 * 1024);
      const child = spawn(join(dir, name), ['3600'], { argv0: 'sleep' });
      started.push(child);
      return child.pid ?? 0;
    };
    const [padded, slow] = [run('padded'), run('slow')];
    const { name, text } = namedScript('programs');
    const stuck = `sha256sum() { case $1 in */${slow}/*) sleep 60 ;; *) command sha256sum "$@" ;; esac; }\n`;
    const script = { name, text: stuck + text.replace(/^patience=\d+/m, 'patience=2') };
    const node = localNode('/');
    nodes.push(node);
    const sink = new MemorySink();
    const { signal } = new AbortController();
    await collectFrames(node.exec, script, sink, { args: ['1'], signal }).finally(() => {
      for (const child of started) child.kill('SIGKILL');
      rmSync(dir, { recursive: true });
    });
    expect(sink.named(`live_response/process/${padded}/exe.sha256`).end).to.include({
      outcome: 'skipped',
      detail: 'larger than 512 MiB',
    });
    expect(sink.named(`live_response/process/${slow}/exe.sha256`).end).to.include({
      outcome: 'timeout',
      detail: 'no digest within 2 s',
    });
    const hashes = sink.named('live_response/process/hash_running_processes.sha256').data.toString();
    expect(hashes).to.match(new RegExp(`^[0-9a-f]{64}  /proc/\\d+/exe$`, 'm'));
  });
});
