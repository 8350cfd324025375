import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Attack, plantAttack, removeAttack } from '../attack/plant.ts';
import { image, imageOf } from '../support/offer.ts';
import { withBrowser } from '../support/browser.ts';
import { a4, grave, overflow, withPage } from '../support/page.ts';
import { requires } from '../support/requires.ts';
import { ours } from './support/traces.ts';
import { createNamespace } from './support/workload.ts';
import { kubectl, kubectlIr } from './support/world.ts';

interface Response {
  readonly isolation: {
    readonly actions: readonly { readonly kind: string; readonly seconds: number }[];
    readonly verification: { readonly verdict: string };
  };
  readonly diff: {
    readonly containers: readonly {
      readonly changes: readonly {
        readonly path: string;
        readonly change: string;
        readonly flags: readonly string[];
      }[];
      readonly processes: readonly { readonly executable: string }[];
    }[];
  };
  readonly findings: {
    readonly items: readonly { readonly rule: string; readonly severity: string }[];
    readonly notJudged: readonly { readonly lack: string }[];
  };
  readonly archive: { readonly path: string };
  readonly failures: readonly string[];
}

describe('kubectl ir respond', function () {
  requires(this, image('collector-full'), image('shop'), image('toolbox'));
  this.timeout(180_000);
  let attack: Attack;
  let dir: string;
  const flags = ['--collector-image', imageOf('collector-full')];
  const baseline = 'e2e-respond-baseline';

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-respond-'));
    attack = await plantAttack(kubectl);
  });
  after(async () => {
    await removeAttack(kubectl);
    await kubectl(['delete', 'namespace', baseline, '--ignore-not-found']);
    await rm(dir, { recursive: true, force: true });
  });

  it('contains the attacked pod, finds what was planted, and packs a case that verifies', async () => {
    const { namespace, pod } = attack;
    const target = [`pod/${pod}`, '-n', namespace];
    const place = join(dir, 'case');
    const done = await kubectlIr(['respond', ...target, '--yes', '--case', place, '-o', 'json', ...flags]);
    expect(done.code, done.stderr).to.equal(0);
    const response = JSON.parse(done.stdout) as Response;
    expect(response.isolation.verification.verdict).to.equal('HOLDS');
    expect(response.failures).to.deep.equal([]);
    const begun = response.isolation.actions.find(({ kind }) => kind === 'cut')?.seconds ?? Number.NaN;
    expect((await secondsToCut(place)) - begun, done.stderr).to.be.within(0, 10);
    const [container] = response.diff.containers;
    const trojan = container?.changes.find(({ path }) => path === '/usr/bin/curl');
    expect(trojan).to.include({ change: 'modified' });
    expect(trojan?.flags).to.include('mtime-spoofed');
    expect(container?.processes.map(({ executable }) => executable)).to.include('/tmp/sh');
    const grave = response.findings.items.filter(({ severity }) => /^(?:critical|high)$/.test(severity));
    expect(grave.map(({ rule }) => rule)).to.include.members([
      ...['reverse-shell', 'foreign-program-in-container', 'persistence-from-pod', 'planted-in-container'],
      'program-without-file',
    ]);
    expect(response.findings.notJudged.filter(({ lack }) => lack === 'missing')).to.deep.equal([]);
    const judged = await kubectlIr(['findings', place, '-o', 'json']);
    expect(judged.code, judged.stderr).to.equal(0);
    const changes = await kubectlIr(['changes', place, '-o', 'json']);
    const { notSeen } = JSON.parse(changes.stdout) as { notSeen: readonly string[] };
    expect(notSeen).to.deep.equal(['records of Helm: not in the case, as they hold secrets']);
    for (const evidence of [place, response.archive.path]) {
      const verified = await kubectlIr(['verify', evidence]);
      expect(verified.code, verified.stdout + verified.stderr).to.equal(0);
    }
  });

  it('ends in a report that a browser shows without a word, a request or anything that stands out', async () => {
    const file = join(dir, 'report.html');
    const made = await kubectlIr(['report', join(dir, 'case'), '--to', file]);
    expect(made.code, made.stderr).to.equal(0);
    await withBrowser(async (browser) => {
      for (const colorScheme of ['light', 'dark'] as const)
        await withPage(browser, file, { colorScheme }, async ({ page, said }) => {
          const text = await page.innerText('body');
          for (const told of ['HOLDS', '/usr/bin/curl', attack.pod, 'reverse-shell'])
            expect(text).to.include(told);
          for (const width of [360, 1280]) {
            await page.setViewportSize({ width, height: 900 });
            expect(await overflow(page), `${colorScheme} ${width}`).to.equal(0);
            expect(await grave(page), `${colorScheme} ${width}`).to.deep.equal([]);
          }
          await page.emulateMedia({ media: 'print', colorScheme });
          await page.setViewportSize({ width: a4, height: 1000 });
          expect(await overflow(page), `${colorScheme} on paper`).to.equal(0);
          expect(await grave(page), `${colorScheme} on paper`).to.deep.equal([]);
          expect(said).to.deep.equal([]);
        });
    });
  });

  it('leaves the isolation and its record, and release takes them away', async () => {
    const { namespace, pod } = attack;
    const path = 'jsonpath={.metadata.uid}';
    const uid = await kubectl(['get', 'pod', pod, '-n', namespace, '-o', path]);
    expect((await ours({ uid })).map((name) => name.split('/')[0])).to.have.members([
      ...['pod', 'configmap', 'networkpolicy', 'poddisruptionbudget'],
      ...['validatingadmissionpolicy', 'validatingadmissionpolicybinding'],
    ]);
    const released = await kubectlIr(['release', pod, '-n', namespace, '--yes', ...flags]);
    expect(released.code, released.stderr).to.equal(0);
    expect(await ours({ uid })).to.deep.equal([]);
  });

  it('contains by the API, and keeps what that has, where pod security lets no collector in', async () => {
    const { namespace } = attack;
    const path = 'jsonpath={.items[0].metadata.name} {.items[0].metadata.uid}';
    const found = await kubectl(['get', 'pods', '-n', namespace, '-l', 'app=shop', '-o', path]);
    const [pod = '', uid = ''] = found.split(' ');
    const place = join(dir, 'without');
    const target = [pod, '-n', namespace, '--yes', '--collector-namespace', baseline, ...flags];
    await createNamespace(baseline, { 'pod-security.kubernetes.io/enforce': 'baseline' });
    const done = await kubectlIr(['respond', ...target, '--case', place]);
    expect(done.code, done.stderr).to.equal(3);
    expect(done.stdout).to.match(/^UNVERIFIED .*\n {3}nothing was measured: .*violates PodSecurity/);
    expect(done.stderr).to.match(/^ {3}fail {3}collector .*; going on by the API alone$/m);
    expect(done.stderr.match(/violates PodSecurity/g)).to.have.length(1);
    expect((await ours({ uid })).map((name) => name.split('/')[0])).to.include('networkpolicy');
    const verified = await kubectlIr(['verify', place]);
    expect(verified.code, verified.stdout + verified.stderr).to.equal(0);
    expect(verified.stdout).to.match(/-pod-shop-\S+: partial, [1-9]\d* items/);
    const released = await kubectlIr(['release', ...target]);
    expect(released.code, released.stderr).to.equal(0);
    expect(await ours({ uid })).to.deep.equal([]);
  });
});

/** From the first line of custody behind the start of the collector to that of the cut, which is there when it is in place. */
async function secondsToCut(place: string): Promise<number> {
  const text = await readFile(join(place, 'data/custody.jsonl'), 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { time: string; object: string; result: string });
  const timeOf = (line: (typeof lines)[number] | undefined): number => Date.parse(line?.time ?? '');
  const ready = lines.find(({ object, result }) => object.startsWith('volatile/') && result === 'started');
  const cut = lines.find(({ result }) => result === 'cut done');
  return (timeOf(cut) - timeOf(ready)) / 1000;
}
