import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { CallResult } from '../../src/collector/collector.ts';
import { callScript } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { processIo } from '../../src/output/io.ts';
import { localNode, type LocalNode } from './local-node.ts';

/** Of this run alone: two runs on one machine would freeze each other's pods. */
const uid = randomUUID();
const io = processIo();

/** Hierarchies of this machine with a freezer: of cgroup v1, of v2, or both. */
const hierarchies = readFileSync('/proc/self/mountinfo', 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [type, , options = ''] = after.split(' ');
    const point = before.split(' ')[4] ?? '';
    if (type === 'cgroup2') return [{ kind: 'cgroup v2', point, file: 'cgroup.freeze', thawed: '0' }];
    const freezer = type === 'cgroup' && options.split(',').includes('freezer');
    return freezer ? [{ kind: 'cgroup v1', point, file: 'freezer.state', thawed: 'THAWED' }] : [];
  });

/** True for a process that has not ended; one that nobody has waited for has no command line any more. */
function runs(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`).length > 0;
  } catch {
    return false;
  }
}

for (const { kind, point, file, thawed } of hierarchies)
  describe(`freeze on ${kind}`, function () {
    this.timeout(20_000);
    const pods = join(point, `ir-test-${process.pid}`);
    const pod = join(pods, `pod${uid}`);
    let node: LocalNode;
    let victim: ChildProcess;
    let beats = 0;
    beforeEach(async () => {
      mkdirSync(join(pod, 'container'), { recursive: true });
      node = localNode();
      victim = spawn('sh', ['-c', 'while :; do echo x; sleep 0.05; done'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      victim.stdout?.on('data', () => (beats += 1));
      writeFileSync(join(pod, 'container/cgroup.procs'), String(victim.pid));
      await io.sleep(200);
    });
    afterEach(async () => {
      const died = new Promise((resolve) => victim.once('exit', resolve));
      writeFileSync(join(pod, file), thawed);
      victim.kill('SIGKILL');
      await died;
      // What it was sleeping with ends a moment later.
      const left = (): string => readFileSync(join(pod, 'container/cgroup.procs'), 'utf8');
      for (const end = io.monotonic() + 5000; left() !== '' && io.monotonic() < end;) await io.sleep(20);
      for (const directory of [join(pod, 'container'), pod, pods]) rmdirSync(directory);
      node.remove();
    });
    const freeze = (...args: string[]): Promise<CallResult> =>
      callScript(node.exec, namedScript('freeze'), {
        args,
        limit: 4096,
        signal: new AbortController().signal,
      });
    const state = (): string => readFileSync(join(pod, file), 'utf8').trim();
    const beating = async (): Promise<boolean> => {
      const before = beats;
      await io.sleep(300);
      return beats > before;
    };
    /** What is frozen for whole seconds has another one before a probe restarts a container. */
    const thawedBefore = async (end: number): Promise<void> => {
      while (state() !== thawed && io.monotonic() < end) await io.sleep(50);
      expect(state()).to.equal(thawed);
    };
    /** It thaws the pod and then ends; between the two others may have their turn. */
    const hasEnded = async (thawer: number): Promise<boolean> => {
      for (const end = io.monotonic() + 2000; runs(thawer) && io.monotonic() < end;) await io.sleep(20);
      return !runs(thawer);
    };
    const thawerOf = ({ stdout }: CallResult): number =>
      Number(/^frozen (\d+)$/m.exec(stdout.toString())?.[1]);

    it('stops the pod and lets it go on by itself when the time is over', async () => {
      const frozen = await freeze('freeze', uid, '3');
      const since = io.monotonic();
      expect(frozen.exitCode, frozen.stderr).to.equal(0);
      const thawer = thawerOf(frozen);
      const cgroups = readFileSync(`/proc/${thawer}/cgroup`, 'utf8').trim().split('\n');
      expect(new Set(cgroups.map((line) => line.split(':')[2]))).to.deep.equal(new Set(['/']));
      expect(runs(thawer)).to.equal(true);
      expect(await beating()).to.equal(false);
      expect((await freeze('freeze', uid, '3')).exitCode).to.equal(4);
      await thawedBefore(since + 4000);
      expect(await beating()).to.equal(true);
      expect(await hasEnded(thawer)).to.equal(true);
    });

    it('lets it go on when everything else of the collector was killed', async () => {
      const frozen = await freeze('freeze', uid, '3');
      const since = io.monotonic();
      for (const pid of node.running) process.kill(-pid, 'SIGKILL');
      node.remove();
      expect(state()).not.to.equal(thawed);
      await thawedBefore(since + 4000);
      expect(await hasEnded(thawerOf(frozen))).to.equal(true);
      node = localNode();
    });

    it('is taken back when the process that was to end it was killed', async () => {
      process.kill(thawerOf(await freeze('freeze', uid, '30')), 'SIGKILL');
      await io.sleep(100);
      expect((await freeze('thaw', uid)).exitCode).to.equal(4);
      const thawing = await freeze('thaw', uid, 'ours');
      expect([thawing.exitCode, thawing.stdout.toString().trim()]).to.deep.equal([0, 'left']);
      expect(await beating()).to.equal(true);
    });

    it('is taken back before its time, and can be done again', async () => {
      for (let i = 0; i < 2; i += 1) {
        expect((await freeze('freeze', uid, '5')).exitCode).to.equal(0);
        const taken = await freeze('thaw', uid);
        expect([taken.exitCode, taken.stdout.toString()]).to.deep.equal([0, 'thawed\n']);
        expect(state()).to.equal(thawed);
        expect(await beating()).to.equal(true);
      }
      const again = await freeze('thaw', uid);
      expect([again.exitCode, again.stdout.toString()]).to.deep.equal([0, '']);
    });

    it('is not kept from it by a process of the pod that looks like ours', async () => {
      const likeOurs = ['-c', `\n: ir-thaw ${uid}\ntrap "" TERM; while :; do sleep 0.05; done`, 'ir-thaw'];
      const impostor = spawn('sh', likeOurs, { stdio: 'ignore' });
      writeFileSync(join(pod, 'container/cgroup.procs'), String(impostor.pid));
      try {
        const frozen = await freeze('freeze', uid, '5');
        expect(frozen.exitCode, frozen.stderr).to.equal(0);
        expect((await freeze('thaw', uid)).exitCode).to.equal(0);
        expect([state(), runs(impostor.pid ?? 0)]).to.deep.equal([thawed, true]);
      } finally {
        const died = new Promise((resolve) => impostor.once('exit', resolve));
        impostor.kill('SIGKILL');
        await died;
      }
    });

    it('leaves a pod alone that somebody else froze, and says when there is none', async () => {
      writeFileSync(join(pod, file), thawed === '0' ? '1' : 'FROZEN');
      await io.sleep(100);
      expect((await freeze('freeze', uid, '1')).exitCode).to.equal(4);
      expect((await freeze('thaw', uid)).exitCode).to.equal(4);
      expect(await beating()).to.equal(false);
      for (const word of ['freeze', 'thaw'])
        expect((await freeze(word, '00000000-1111-4222-8333-444455556666', '1')).exitCode).to.equal(3);
    });
  });
