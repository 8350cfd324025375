import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Node } from '../../src/cluster/objects.ts';
import type { Outcome } from '../cluster/run.ts';
import { image, imageOf, nodeShell, twoNodes } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { freezerOf, thawersOf } from './support/freezer-state.ts';
import { interrupted } from './support/interrupted.ts';
import {
  fewMoments,
  interruptAtRandom,
  interruptOnce,
  measuredInterrupts,
  type Trial,
} from './support/moments.ts';
import { checkRemains, isRecorded, releaseOf, type Suspect, suspectOf } from './support/remains.ts';
import { ours } from './support/traces.ts';
import { apply, createNamespace, deployment } from './support/workload.ts';
import { kubectl, nodeNames } from './support/world.ts';

const namespace = 'e2e-interrupt-many';
const label = 'tier=many';
const flags = ['--collector-image', imageOf('collector-full')];
const nodes = await nodeNames();
const [first = '', second = ''] = nodes;
/** So long a release takes, more or less. */
const releaseMs = 4000;
/** An isolation that is watched is proved again every 5 s. */
const watchMs = 6000;

describe('what an interrupt leaves of several pods and nodes, of a freeze and of a watch', function () {
  requires(this, image('collector-full'), image('shop'), twoNodes(nodes));
  this.timeout(60_000 + fewMoments * 60_000);
  let dir: string;
  let suspects: readonly Suspect[];
  let count = 0;
  /** So long an isolation takes, until it is measured. */
  let isolationMs = 5000;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-interrupt-many-'));
    await createNamespace(namespace);
    const web = (node: string): object => {
      const spec = { nodeSelector: { 'kubernetes.io/hostname': node } };
      return deployment(`web-${node}`, { image: imageOf('shop'), labels: { tier: 'many' }, spec });
    };
    await apply(namespace, nodes.map(web));
    for (const node of nodes)
      await kubectl(['rollout', 'status', `deployment/web-${node}`, '-n', namespace, '--timeout=60s']);
    suspects = await Promise.all(nodes.map((node) => suspectOf(namespace, `app=web-${node}`, node)));
  });
  after(async () => {
    await kubectl(['delete', 'namespace', namespace, '--wait=true', '--timeout=60s']);
    await rm(dir, { recursive: true, force: true });
  });

  const withCase = (...words: string[]): string[] => [
    ...words,
    ...flags,
    ...['--case', join(dir, String((count += 1)))],
  ];
  const onOf = (node: string): Suspect[] => suspects.filter((one) => one.node === node);

  it(`isolate -l and release -l: only what they say, after ${fewMoments} interrupts of each`, async () => {
    isolationMs = await interruptAtRandom(
      'isolate -l',
      ['pods'],
      () => ({
        words: withCase('isolate', '-l', label, '-n', namespace, '--yes'),
        check: (outcome, said) =>
          checkRemains(suspects, releasedInTwo(['-l', label, '-n', namespace]), outcome, said),
      }),
      fewMoments,
    );
  });

  it(`isolate node and release node: only what they say, after ${fewMoments} interrupts of each`, async () => {
    const release = releasedInTwo([`node/${second}`]);
    const check = async (outcome: Outcome, said: string): Promise<void> => {
      // Those of others on the node are cut too.
      const names = await ours();
      if (names.length > 0) {
        expect(names, said).to.satisfy(isRecorded);
        if (outcome.stdout + outcome.stderr !== '')
          expect(outcome.stdout + outcome.stderr, said).to.match(/still stands|Undo|release/);
        const released = await release(said);
        expect(released.code, `${said}\n${released.stderr}`).to.equal(0);
      }
      expect(await ours(), said).to.deep.equal([]);
      await checkRemains(onOf(second), () => Promise.reject(new Error('it is released')), outcome, said);
      const { metadata, spec } = JSON.parse(await kubectl(['get', 'node', second, '-o', 'json'])) as Node;
      const marks = Object.keys(metadata?.annotations ?? {}).filter((key) => key.startsWith('kubectl-ir/'));
      expect([spec?.unschedulable, marks], said).to.deep.equal([undefined, []]);
    };
    for (let i = 0; i < fewMoments; i += 1) {
      const words = withCase('isolate', 'node', second, '-n', namespace, '--yes');
      await interruptOnce({ words, check }, Math.random() * isolationMs);
    }
    await measuredInterrupts('isolate node', fewMoments);
  });

  it(`isolate --freeze and --watch: only what they say, after ${fewMoments} interrupts of each`, async () => {
    const trialOn = ({ pod, ...suspect }: Suspect, ...more: string[]): Trial => {
      const release = releaseOf([pod, '-n', namespace], flags);
      return {
        words: withCase('isolate', pod, '-n', namespace, '--yes', ...more),
        check: (outcome, said) => checkRemains([{ pod, ...suspect }], release, outcome, said),
      };
    };
    const freeze = async (one: Suspect): Promise<void> => {
      await interruptOnce(trialOn(one, '--freeze'), Math.random() * isolationMs);
      if (!nodeShell().met) return;
      expect(await freezerOf(one.node, one.uid)).to.equal('THAWED');
      expect(await thawersOf(one.node, one.uid)).to.equal('');
    };
    const watch = (one: Suspect): Promise<void> =>
      interruptOnce({ ...trialOn(one, '--watch'), ends: [] }, Math.random() * watchMs, '\nAt ');
    for (let i = 0; i < fewMoments; i += 1) {
      const ends = await Promise.allSettled([...onOf(first).map(freeze), ...onOf(second).map(watch)]);
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    }
    await measuredInterrupts('isolate --freeze, and isolate --watch', fewMoments);
  });

  const nothing = async (_: Outcome, said: string): Promise<void> => {
    expect(await ours(), said).to.deep.equal([]);
  };

  it(`snapshot node of two nodes: nothing, after success and after ${fewMoments} interrupts`, () =>
    interruptAtRandom(
      'snapshot node of two nodes',
      ['nodes'],
      () => ({ words: withCase('snapshot', 'node', '--nodes', nodes.join(',')), check: nothing }),
      fewMoments,
    ));

  it(`stats --watch: nothing, after ${fewMoments} interrupts`, async () => {
    for (let i = 0; i < fewMoments; i += 1) {
      const words = withCase('stats', '-l', label, '-n', namespace, '--from', 'cgroup', '--watch');
      await interruptOnce({ words, ends: [], check: nothing }, Math.random() * isolationMs);
    }
    await measuredInterrupts('stats --watch', fewMoments);
  });

  /** Gives pods back with an interrupt at a random moment, which leaves records of all that stands, and then wholly. */
  function releasedInTwo(words: readonly string[]): (said: string) => Promise<Outcome> {
    return async (said) => {
      const afterMs = Math.random() * releaseMs;
      const begun = await interrupted(['release', ...words, '--yes', '--return', ...flags], { afterMs });
      const moment = `${said}\nrelease: SIGINT after ${afterMs.toFixed(0)} ms: ${begun.stderr}`;
      expect(begun.code, moment).to.be.oneOf([0, 130]);
      for (const one of suspects)
        expect(await ours(one), moment).to.satisfy(
          (names: string[]) => names.length === 0 || isRecorded(names),
        );
      if ((await ours()).length === 0) return { ...begun, code: 0 };
      const done = await releaseOf(words, flags)();
      return { ...done, stderr: `${moment}\n${done.stderr}` };
    };
  }
});
