import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labels } from '../../src/collector/names.ts';
import type { Outcome } from '../cluster/run.ts';
import { image, imageOf } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { interruptAtRandom, moments, momentsTimeoutMs, type Trial } from './support/moments.ts';
import { checkRemains, releaseOf, type Suspect, suspectOf } from './support/remains.ts';
import { ours } from './support/traces.ts';
import { apply, createNamespace, deployment, pod } from './support/workload.ts';
import { kubectl, kubectlIr, nodeNames } from './support/world.ts';

const namespace = 'e2e-interrupt';
const flags = ['--collector-image', imageOf('collector-full')];

describe('what an interrupt leaves in the cluster', function () {
  requires(this, image('collector-full'), image('shop'));
  this.timeout(momentsTimeoutMs);
  let dir: string;
  /** Each on a node of its own, so that two can be worked on at the same time. */
  const lanes: Suspect[] = [];
  let count = 0;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-interrupt-'));
    await createNamespace(namespace);
    for (const node of await nodeNames()) {
      await apply(namespace, [deployment(`web-${node}`, { node, image: imageOf('shop') })]);
      await kubectl(['rollout', 'status', `deployment/web-${node}`, '-n', namespace, '--timeout=60s']);
      lanes.push(await suspectOf(namespace, `app=web-${node}`, node));
    }
  });
  after(async () => {
    await kubectl(['delete', 'namespace', namespace, '--wait=true', '--timeout=60s']);
    await rm(dir, { recursive: true, force: true });
  });

  const newCase = (): string => join(dir, String((count += 1)));
  const target = ({ pod }: Suspect): string[] => [pod, '-n', namespace];
  const commands: [string, (lane: Suspect) => Promise<Trial> | Trial][] = [
    ['preflight', (lane) => trial(lane, ['preflight', '--pull', '--node', lane.node, ...flags])],
    ['diff pod', (lane) => trial(lane, ['diff', 'pod', ...target(lane), ...flags, '--case', newCase()])],
    ['snapshot node', (lane) => trial(lane, ['snapshot', 'node', lane.node, ...flags, '--case', newCase()])],
    [
      'snapshot pod',
      (lane) => trial(lane, ['snapshot', 'pod', ...target(lane), ...flags, '--case', newCase()]),
    ],
    ['stats', (lane) => trial(lane, ['stats', ...target(lane), ...flags, '--case', newCase()])],
    ['isolate', (lane) => trial(lane, isolateWords(lane, newCase()))],
    ['release', isolated],
    ['respond', (lane) => trial(lane, ['respond', ...isolateWords(lane, newCase()).slice(1)])],
    ['scope', scoped],
    ['case verify-fix', fixed],
    ['status', (lane) => trial(lane, ['status'])],
  ];

  for (const [name, prepare] of commands)
    it(`${name}: nothing after success, and nothing after ${moments} interrupts but what it says`, () =>
      interruptAtRandom(name, lanes, prepare));

  it(`cleanup: only dead collectors go, and after ${moments} interrupts the next one takes the rest`, async () => {
    const words = ['cleanup', '--collector-namespace', namespace];
    const dead: string[] = [];
    const check = async (outcome: Outcome, said: string): Promise<void> => {
      for (const name of await ours({ uid: 'none' })) expect(dead, said).to.include(name);
      for (const line of outcome.stdout.split('\n').filter(Boolean))
        expect(dead.map((name) => `${name} deleted`)).to.include(line);
    };
    await interruptAtRandom('cleanup', ['all'], async () => {
      dead.push(...(await makeDead(dead.length, dead.length + 2)));
      return { words, check };
    });
    const rest = await kubectlIr(words);
    expect(rest.code, rest.stderr).to.equal(0);
    expect(await ours({ uid: 'none' })).to.deep.equal([]);
  });

  /** A search of a node for something that is not there. */
  async function scoped(lane: Suspect): Promise<Trial> {
    const list = join(dir, 'list');
    await writeFile(list, `${'5'.repeat(64)}\n`);
    return trial(lane, ['scope', '--ioc', list, '--nodes', lane.node, ...flags, '--case', newCase()]);
  }

  /** A case of a pod with a change that is still there, so that there is something to look for again. */
  async function fixed(lane: Suspect): Promise<Trial> {
    const place = newCase();
    const compared = await kubectlIr(['diff', 'pod', ...target(lane), ...flags, '--case', place]);
    expect(compared.code, compared.stderr).to.equal(1);
    return { ...trial(lane, ['case', 'verify-fix', place, ...flags]), ends: [4] };
  }

  function isolateWords(lane: Suspect, place: string): string[] {
    return ['isolate', ...target(lane), '--yes', ...flags, '--case', place];
  }

  function trial(lane: Suspect, words: string[]): Trial {
    const release = releaseOf(target(lane), flags);
    return { words, check: (outcome, said) => checkRemains([lane], release, outcome, said) };
  }

  /** An isolated pod, to be released by its case. */
  async function isolated(lane: Suspect): Promise<Trial> {
    const place = newCase();
    const done = await kubectlIr(isolateWords(lane, place));
    expect(done.code, done.stderr).to.equal(0);
    return trial(lane, ['release', place, '--yes', '--return', ...flags]);
  }
});

/** Pods marked as collectors that have ended, `dead-FROM` to before `dead-TO`; their names as `ours` gives them. */
async function makeDead(from: number, to: number): Promise<string[]> {
  const names = Array.from({ length: to - from }, (_, i) => `dead-${from + i}`);
  const marks = { [labels.managedBy]: 'kubectl-ir', [labels.role]: 'collector', [labels.podUid]: 'none' };
  const parts = {
    image: imageOf('collector-full'),
    command: ['true'],
    labels: marks,
    spec: { restartPolicy: 'Never' },
  };
  await apply(
    namespace,
    names.map((name) => pod(name, parts)),
  );
  const pods = names.map((name) => `pod/${name}`);
  const ended = ['--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s'];
  await kubectl(['wait', ...pods, '-n', namespace, ...ended]);
  return pods;
}
