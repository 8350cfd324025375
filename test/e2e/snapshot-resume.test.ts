import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { nodePhases } from '../../src/evidence/phases.ts';
import { type AcquisitionReader, openAcquisition } from '../../src/evidence/reader.ts';
import { amountOf } from '../support/amounts.ts';
import { measured } from '../support/figures.ts';
import { image, imageOf, nodeShell } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { interrupted } from './support/interrupted.ts';
import { lookAtNode, type NodeLook } from './support/node-look.ts';
import { cutOff } from './support/cut-off.ts';
import { sourcesOf, whatLasted } from './support/sources.ts';
import { expectWhole } from './support/whole.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from './support/workload.ts';
import { kubectlIr, nodeNames } from './support/world.ts';

/** How often the client is killed so that something is there to go on with, at random moments of the time that the whole command takes. */
const kills = amountOf('snapshotKills');
/** All that a node has, but for the walk over all its files, which takes longer than the rest together. */
const phases = nodePhases.filter((phase) => phase !== 'filesystem');
const flags = ['--profile', phases.join(','), '--yes', '--collector-image', imageOf('collector')];

/** Has pods that end while the node is looked at. */
const passing = 'e2e-resume';

const [node = ''] = await nodeNames();

describe('a snapshot that is interrupted', function () {
  requires(this, image('collector'), nodeShell());
  this.timeout(60_000 + kills * 120_000);
  let dir: string;
  let earlier: NodeLook;
  let whole: AcquisitionReader;
  let wholeMs: number;
  let resumed = 0;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-resume-'));
    await createNamespace(passing);
    await apply(
      passing,
      ['one', 'two', 'three'].map((name) =>
        pod(name, { image: imageOf('toolbox'), command: ['sleep', '3600'], node }),
      ),
    );
    await untilReady(passing);
    earlier = await lookAtNode(node);
    await removeNamespaces(passing);
    const began = performance.now();
    [whole] = (await acquisitionsOf('whole')) as [AcquisitionReader];
    wholeMs = performance.now() - began;
  });
  after(() => rm(dir, { recursive: true, force: true }));

  it(`goes on where it was killed, ${kills} times, and has the same sources in the end`, async () => {
    for (let count = 0; resumed < kills; count += 1) {
      expect(count, 'kills that found nothing to go on with').to.be.lessThan(10 * kills);
      const afterMs = (0.1 + 0.8 * Math.random()) * wholeMs;
      const began = performance.now();
      const { code } = await interrupted(words(`killed-${count}`), { signal: 'SIGKILL', afterMs });
      if (code === 130)
        await goesOn(`killed-${count}`, `killed after ${afterMs.toFixed(0)} of ${wholeMs.toFixed(0)} ms`);
      // It was faster than the one before.
      else wholeMs = performance.now() - began;
    }
    await measured(
      'snapshots killed at a random moment and gone on with to the same sources',
      `${kills} of ${kills}`,
    );
  });

  it('goes on where the network was cut, and has the same sources in the end', async () => {
    for (let count = 0; ; count += 1) {
      expect(count, 'cuts that came after the end').to.be.lessThan(5);
      const afterMs = (0.3 + 0.5 * Math.random()) * wholeMs;
      const said = `cut after ${afterMs.toFixed(0)} of ${wholeMs.toFixed(0)} ms`;
      const began = performance.now();
      const { code, stderr } = await cutOff(words(`cut-${count}`), afterMs);
      if (code !== 0) {
        expect(code, `${said}\n${stderr}`).to.be.oneOf([1, 3]);
        await goesOn(`cut-${count}`, said);
        return;
      }
      // It was faster than the one before.
      wholeMs = performance.now() - began;
    }
  });

  function words(name: string): string[] {
    return ['snapshot', 'node', node, ...flags, '--case', join(dir, name), '-o', 'json'];
  }

  /** Runs a snapshot to its end; its acquisition behind those that it went on from. */
  async function acquisitionsOf(name: string, said = ''): Promise<AcquisitionReader[]> {
    const { code, stdout, stderr } = await kubectlIr(words(name));
    expect(code, `${said}\n${stderr}`).to.equal(0);
    const { acquisition } = JSON.parse(stdout) as { acquisition: string };
    const last = await openAcquisition(acquisition);
    const names = (last.info.options['resumes'] ?? []) as string[];
    const readers: AcquisitionReader[] = [];
    for (const one of [...names, basename(acquisition)])
      readers.push(await openAcquisition(join(dirname(acquisition), one)));
    for (const reader of readers) await expectWhole(reader);
    return readers;
  }

  async function goesOn(name: string, said: string): Promise<void> {
    const readers = await acquisitionsOf(name, said);
    if (readers.length > 1) resumed += 1;
    const lasted = whatLasted(earlier, await lookAtNode(node));
    const [wanted, found] = [sourcesOf([whole], lasted), sourcesOf(readers, lasted)];
    expect(
      [...wanted.names].filter((one) => !found.names.has(one)),
      `missing, ${said}`,
    ).to.deep.equal([]);
    expect(
      [...found.names].filter((one) => !wanted.names.has(one)),
      `more, ${said}`,
    ).to.deep.equal([]);
    expect(found.classes, said).to.deep.equal(wanted.classes);
    expect(wanted.unchanged.size).to.be.greaterThan(500);
    for (const [source, content] of wanted.unchanged)
      expect(found.unchanged.get(source), `${source}, ${said}`).to.equal(content);
    expectEachOnce(readers, said);
  }
});

/** Every part is whole in one acquisition, and what an earlier one has of a whole part was not taken again. */
function expectEachOnce(readers: readonly AcquisitionReader[], said: string): void {
  const marks = readers.map(({ items }) => items.filter(({ artifact }) => artifact === 'phase'));
  const parts = marks.flat().map(({ name }) => basename(name, '.json'));
  expect(parts.filter((part) => part !== 'envelope').sort(), said).to.deep.equal(
    phases.filter((part) => part !== 'envelope').sort(),
  );
  const taken = new Set<string>();
  for (const [index, { items }] of readers.entries()) {
    const envelope = items.findIndex(({ name }) => name === 'live_response/phases/envelope.json');
    const end = items.findLastIndex(({ artifact }) => artifact === 'phase');
    const again = items
      .slice(envelope + 1)
      .filter(({ name, artifact }) => artifact !== 'log' && taken.has(name));
    expect(
      again.map(({ name }) => name),
      `taken again by acquisition ${index + 1}, ${said}`,
    ).to.deep.equal([]);
    for (const { name } of items.slice(envelope + 1, end + 1)) taken.add(name);
  }
}
