import { expect } from 'chai';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layout } from '../../src/evidence/layout.ts';
import { image, imageOf } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { interruptAtRandom, moments, momentsTimeoutMs, type Trial } from './support/moments.ts';
import { ours } from './support/traces.ts';
import { apply, createNamespace, pod } from './support/workload.ts';
import { kubectl, kubectlIr } from './support/world.ts';

const namespace = 'e2e-interrupt-course';

describe('what an interrupt leaves of looking for the cause, of cleaning and of a review', function () {
  requires(this, image('collector-full'), image('shop'));
  this.timeout(momentsTimeoutMs);
  let dir: string;
  let original: string;
  let count = 0;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-interrupt-course-'));
    original = join(dir, 'original');
    await createNamespace(namespace);
    await apply(namespace, [pod('shop', { image: imageOf('shop') })]);
    await kubectl(['wait', 'pod/shop', '-n', namespace, '--for=condition=Ready', '--timeout=60s']);
    const flags = ['--collector-image', imageOf('collector-full'), '--case', original];
    const compared = await kubectlIr(['diff', 'pod', 'shop', '-n', namespace, ...flags]);
    expect(compared.code, compared.stderr).to.be.oneOf([0, 1]);
  });
  after(async () => {
    await kubectl(['delete', 'namespace', namespace, '--wait=true', '--timeout=60s']);
    await rm(dir, { recursive: true, force: true });
  });

  it(`changes: nothing is left in the cluster, after ${moments} interrupts`, () =>
    interruptAtRandom('changes', ['pod'], () => {
      const check = async (): Promise<void> => {
        expect(await ours()).to.deep.equal([]);
      };
      return { words: ['changes', 'pod/shop', '-n', namespace], check };
    }));

  it(`case review: nothing is left, and a case that can be gone on with, after ${moments} interrupts`, () =>
    interruptAtRandom('case review', ['case'], async (): Promise<Trial> => {
      const place = await newCase();
      const check = async (): Promise<void> => {
        expect(await ours()).to.deep.equal([]);
        await goOn(place);
      };
      return { words: ['case', 'review', place, '--owner', 'platform'], check };
    }));

  it(`case clean: nothing is gone that is not in the case and told, after ${moments} interrupts`, () =>
    interruptAtRandom('case clean', ['object'], async (): Promise<Trial> => {
      const place = await newCase();
      const name = `loader-${count}`;
      await kubectl(['create', 'configmap', name, '-n', namespace, '--from-literal=script=exit']);
      const check = async ({ stderr }: { readonly stderr: string }, said: string): Promise<void> => {
        const left = await kubectl(['get', 'configmap', name, '-n', namespace, '--ignore-not-found']);
        if (left === '') {
          expect(await savedItems(place), said).to.include(
            `live_response/kubernetes/clean/configmaps/${namespace}/${name}.json`,
          );
          const acts = await cleanings(place, `configmap/${name} in namespace ${namespace}`);
          expect(acts[0], said).to.equal('started');
          if (acts[1] === 'deleted') expect(stderr, said).to.match(/^Removed +configmap\/loader-/m);
        }
        await goOn(place);
      };
      const words = ['case', 'clean', place, `configmap/${name}`, '-n', namespace, '--yes'];
      return { words, withinMs: 5_000, check };
    }));

  async function newCase(): Promise<string> {
    const place = join(dir, String((count += 1)));
    await cp(original, place, { recursive: true });
    return place;
  }

  /** Names of what was saved before something was removed. */
  async function savedItems(place: string): Promise<string[]> {
    const acquisitions = join(place, layout.acquisitions);
    const names: string[] = [];
    for (const name of await readdir(acquisitions)) {
      const text = await readFile(join(acquisitions, name, layout.items), 'utf8').catch(() => '');
      for (const line of text.split('\n').filter(Boolean))
        names.push((JSON.parse(line) as { name: string }).name);
    }
    return names;
  }

  /** What custody says of the removal of an object, step by step. */
  async function cleanings(place: string, object: string): Promise<string[]> {
    const log = await kubectlIr(['case', 'log', place, '-o', 'json']);
    const { lines } = JSON.parse(log.stdout) as {
      lines: { action: string; object: string; result: string }[];
    };
    return lines
      .filter((line) => line.action === 'clean' && line.object === object)
      .map(({ result }) => result);
  }

  /** Seals and packs the case, and has the archive verified. */
  async function goOn(place: string): Promise<void> {
    const archive = `${place}.tar.gz`;
    for (const words of [
      ['archive', place, '-o', archive],
      ['verify', archive],
    ]) {
      const { code, stdout, stderr } = await kubectlIr(words);
      expect(code, stdout + stderr).to.equal(0);
    }
    await rm(place, { recursive: true });
    await rm(archive);
  }
});
