import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { amountOf } from '../support/amounts.ts';
import { image, imageOf } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { interrupted } from './support/interrupted.ts';
import { ours, traces } from './support/traces.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from './support/workload.ts';
import { kubectl, kubectlIr } from './support/world.ts';

/** How often the client is killed, at random moments of the time that the whole command takes. */
const moments = amountOf('kills');
const namespace = 'e2e-kill';
const flags = ['-n', namespace, '--collector-image', imageOf('collector-full')];

describe('what SIGKILL of the client leaves', function () {
  requires(this, image('collector-full'), image('shop'));
  this.timeout(60_000 + moments * 40_000);
  let dir: string;
  let place: { readonly uid: string; readonly node: string };
  let untouched: string;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-kill-'));
    await createNamespace(namespace);
    await apply(namespace, [pod('web', { image: imageOf('shop'), labels: { app: 'web' } })]);
    await untilReady(namespace);
    const path = '{.spec.nodeName} {.metadata.uid}';
    const text = await kubectl(['get', 'pod', 'web', '-n', namespace, '-o', `jsonpath=${path}`]);
    const [node = '', uid = ''] = text.split(' ');
    place = { node, uid };
    untouched = await state();
  });
  after(async () => {
    await removeNamespaces(namespace);
    await rm(dir, { recursive: true, force: true });
  });

  it(`at ${moments} moments: status says what stands, and release or isolate again takes it on`, async () => {
    const began = performance.now();
    const whole = await isolate('whole');
    const ms = performance.now() - began;
    expect(whole.code, whole.stderr).to.equal(0);
    await releaseAll('after the whole command');
    for (let i = 0; i < moments; i += 1) {
      const after = Math.random() * ms;
      const killed = await interrupted(isolateWords(`killed-${i}`), { signal: 'SIGKILL', afterMs: after });
      const said = `after ${after.toFixed(0)} of ${ms.toFixed(0)} ms: ${killed.stderr}`;
      const standing = (await ours(place)).filter(
        (name) => !name.includes('/ir-collector') && !name.includes('/ir-probe'),
      );
      const status = await kubectlIr(['status', '-o', 'name', ...flags.slice(0, 2)]);
      for (const name of standing) expect(status.stdout, said).to.include(name);
      // Every second time it is finished first: a half-done isolation can be gone on with.
      if (standing.some((name) => name.startsWith('configmap/')) && i % 2 === 1) {
        const finished = await isolate(`finished-${i}`);
        expect([0, 1, 3], `${said}\n${finished.stderr}`).to.include(finished.code);
        // The cut of the killed run stood already: nothing worked before that could be seen to fail now.
        if (finished.code === 3) expect(finished.stdout).to.match(/^UNVERIFIED /);
        if (finished.code === 1) expect(finished.stderr).to.match(/is isolated already/);
      }
      await releaseAll(said);
    }
  });

  async function releaseAll(said: string): Promise<void> {
    const recorded = (await ours(place)).some((name) => name.startsWith('configmap/'));
    const released = await kubectlIr(['release', 'web', '--yes', '--return', ...flags]);
    expect(released.code, `${said}\n${released.stderr}`).to.equal(recorded ? 0 : 1);
    if (!recorded) expect(released.stderr).to.match(/is not isolated: there is no record/);
    expect(await state(), said).to.equal(untouched);
    // A collector whose client was killed ends itself; nothing else of ours is left.
    expect((await traces(place)).filter(notEphemeral), said).to.deep.equal([]);
  }

  async function state(): Promise<string> {
    const path = '{.metadata.uid} {.metadata.labels} {.metadata.annotations}';
    return kubectl(['get', 'pod', 'web', '-n', namespace, '-o', `jsonpath=${path}`]);
  }

  function isolateWords(name: string): string[] {
    return ['isolate', 'web', '--yes', '--case', join(dir, name), ...flags];
  }

  function isolate(name: string): ReturnType<typeof kubectlIr> {
    return kubectlIr(isolateWords(name));
  }
});

/** True for what does not end by itself: all but collectors, probe pods and the namespace. */
function notEphemeral(name: string): boolean {
  return !/^(?:pod\/ir-(?:collector|probe)|namespace\/)/.test(name);
}
