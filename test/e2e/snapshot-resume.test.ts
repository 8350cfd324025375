import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { labels } from '../../src/collector/names.ts';
import { openAcquisition } from '../../src/evidence/reader.ts';
import { amountOf } from '../support/amounts.ts';
import { measured } from '../support/figures.ts';
import { image, imageOf } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { expectWhole } from './support/whole.ts';
import { kubectl, kubectlIr, nodeNames } from './support/world.ts';

const kills = amountOf('snapshotKills');
const flags = [
  '--profile',
  'kernel,sessions,runtime,config,logs',
  '--yes',
  '--collector-image',
  imageOf('collector'),
];
/** What differs from one look to the next: processes, and what is there because of a collector pod. */
const passing =
  /^\[root\]\/(?:proc\/\d+\/|run\/(?:containerd|netns|systemd)|var\/(?:log\/(?:pods|containers)\/.*(?:ir-collector|kubectl-ir)|lib\/containerd|lib\/cni))/;

const [node = ''] = await nodeNames();

describe('a snapshot that is killed', function () {
  requires(this, image('collector'));
  this.timeout(120_000 + kills * 60_000);
  let dir: string;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-resume-'));
  });
  after(async () => {
    await kubectl(['delete', 'pods', '-n', 'kubectl-ir', '-l', labels.role, '--wait=true', '--timeout=60s']);
    await rm(dir, { recursive: true, force: true });
  });

  it('goes on where it stopped, and has every source in the end', async () => {
    const began = performance.now();
    const whole = await sourcesOf(await acquisitionOf(words(join(dir, 'whole'))));
    const ms = performance.now() - began;
    expect(whole.size).to.be.greaterThan(100);
    for (let count = 0; count < kills; count += 1) {
      const place = join(dir, String(count));
      const after = Math.random() * ms;
      await killed(words(place), after);
      const last = await acquisitionOf(words(place));
      const said = `killed after ${after.toFixed(0)} of ${ms.toFixed(0)} ms`;
      const together = await sourcesOf(last);
      expect([...together.keys()].sort(), said).to.deep.equal([...whole.keys()].sort());
      for (const [name, sha256] of whole)
        if (name.startsWith('[root]/etc/')) expect(together.get(name), `${name}, ${said}`).to.equal(sha256);
    }
    await measured(
      'snapshots killed at a random moment and gone on with to the same sources',
      `${kills} of ${kills}`,
    );
  });
});

function words(place: string): string[] {
  return ['snapshot', 'node', node, ...flags, '--case', place, '-o', 'json'];
}

/** Runs a snapshot that ends well; the directory of its acquisition. */
async function acquisitionOf(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await kubectlIr(args);
  expect(code, stderr).to.equal(0);
  return (JSON.parse(stdout) as { acquisition: string }).acquisition;
}

/** Sources of an acquisition and of those that it went on from, with the digest of what came. */
async function sourcesOf(dir: string): Promise<Map<string, string | undefined>> {
  const { info } = await openAcquisition(dir);
  const before = (info.options['resumes'] ?? []) as string[];
  const sources = new Map<string, string | undefined>();
  for (const name of [...before, basename(dir)]) {
    const reader = await openAcquisition(join(dirname(dir), name));
    await expectWhole(reader);
    // What was cut off by a kill is taken again.
    for (const item of reader.items)
      if (item.artifact !== 'unknown' && item.artifact !== 'phase' && !passing.test(item.name))
        sources.set(item.name, item.sha256);
  }
  return sources;
}

/** Runs a command and kills it, as a crash would, so many milliseconds after its start. */
function killed(args: readonly string[], afterMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', ['ir', ...args], { stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
