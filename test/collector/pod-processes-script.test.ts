import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { scriptText } from '../../src/collector/scripts.ts';

describe('pod-processes.sh', () => {
  it('has processes whatever their names, and those that come behind them', async () => {
    const rename = 'printf "a\\nb) S 1" >/proc/self/comm; echo; read -r _';
    const named = spawn('sh', ['-c', rename], { stdio: 'pipe' });
    await once(named.stdout, 'data');
    const later = spawn('sleep', ['60']);
    try {
      // A line that every process has; see cgroups(7).
      const script = `set -u\n${scriptText('pod-processes')}\npod_processes 0::`;
      const { stdout } = spawnSync('busybox', ['sh', '-c', script], { encoding: 'utf8' });
      const pids = stdout.split('\n').map((line) => Number(line.split(' ')[1]));
      expect(pids).to.include.members([named.pid, later.pid]);
      expect(stdout).to.match(/^(?:\d+ \d+\n)+$/);
    } finally {
      named.kill('SIGKILL');
      later.kill('SIGKILL');
    }
  });
});

describe('pod-space.sh', () => {
  it('fails, and does not end its script, where a network namespace cannot be opened any more', () => {
    // Without a free descriptor nothing can be opened, but looked at.
    const script = `${scriptText('pod-space')}\nulimit -n 3; pod_space $$ net:[1] : || echo goes on`;
    const { stdout } = spawnSync('busybox', ['sh', '-c', script], { encoding: 'utf8' });
    expect(stdout).to.equal('goes on\n');
  });
});
