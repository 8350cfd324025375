import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { attempt, type Outcome } from './run.ts';

const script = join(import.meta.dirname, 'lane.sh');
const name = `test-${process.pid}`;
const lane = (line: string): Promise<Outcome> => attempt('sh', [script, name, 'sh', '-c', line]);

/** Cgroups of lanes of this test, in any hierarchy. */
async function cgroups(): Promise<string[]> {
  const top = '/sys/fs/cgroup';
  const hierarchies = [top, ...(await readdir(top)).map((each) => join(top, each))];
  const found = await Promise.all(hierarchies.map((path) => readdir(path).catch(() => [])));
  return found.flat().filter((each) => each === `lane-${name}`);
}

describe('lane.sh', () => {
  it('gives a command a machine that nobody else is on, and has no network', async () => {
    const linesOf = async (line: string): Promise<string[]> =>
      [...new Set((await lane(line)).stdout.split('\n').map((each) => each.trim()))].filter(Boolean).sort();
    expect(await linesOf('ip -oneline link | cut -d: -f2')).to.deep.equal(['lo']);
    expect(await linesOf('ls /run; hostname')).to.deep.equal([`lane-${name}`, 'netns']);
    expect(await linesOf('ps -e -o comm=')).to.deep.equal(['ps', 'sh']);
    expect(await linesOf('cut -d: -f3 /proc/self/cgroup')).to.deep.equal(['/']);
  });

  it('passes on what the command says and its exit code', async () => {
    expect(await lane('echo out; echo err >&2; exit 7')).to.deep.equal({
      code: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('leaves no process and no cgroup of what the command started', async () => {
    const seconds = `${process.pid}.25`;
    await lane(
      `mkdir -p /sys/fs/cgroup/pids/inner /sys/fs/cgroup/inner 2>/dev/null; setsid sleep ${seconds} & exit 0`,
    );
    const { stdout } = await attempt('ps', ['-e', '-o', 'args=']);
    expect(stdout).not.to.include(`sleep ${seconds}`);
    expect(await cgroups()).to.deep.equal([]);
  });

  it('waits for a command that cleans up after an interrupt', async () => {
    const line = `trap 'sleep 0.3; echo cleaned; exit 9' INT; echo up; while :; do sleep 0.1; done`;
    const child = spawn('sh', [script, name, 'bash', '-c', line], { detached: true, stdio: 'pipe' });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(child.stdout, 'data');
    process.kill(-(child.pid ?? 0), 'SIGINT');
    const [code] = (await once(child, 'close')) as [number];
    expect([said, code]).to.deep.equal(['up\ncleaned\n', 9]);
    expect(await cgroups()).to.deep.equal([]);
  });
});
