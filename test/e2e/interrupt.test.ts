import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Outcome } from '../cluster/run.ts';
import { fullImage, interrupted, kubectl, kubectlIr, ours, rulesOn } from './support/world.ts';

/** Interrupts per command, spread at random over the time that the whole command takes. */
const moments = 10;
const namespace = 'e2e-interrupt';
const flags = ['--collector-image', fullImage];

describe('what an interrupt leaves in the cluster', function () {
  this.timeout(400_000);
  let dir: string;
  let node: string;
  let count = 0;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-interrupt-'));
    await kubectl(['create', 'namespace', namespace]);
    await kubectl(['apply', '-n', namespace, '-f', '-'], JSON.stringify(web));
    await kubectl(['wait', 'pod/web', '-n', namespace, '--for=condition=Ready', '--timeout=60s']);
    node = await kubectl(['get', 'pod', 'web', '-n', namespace, '-o', 'jsonpath={.spec.nodeName}']);
  });
  after(async () => {
    await kubectl(['delete', 'namespace', namespace, '--wait=true', '--timeout=60s']);
    await rm(dir, { recursive: true, force: true });
  });

  const target = ['web', '-n', namespace];
  const newCase = (): string[] => ['--case', join(dir, String((count += 1)))];
  const commands: [string, () => string[]][] = [
    ['preflight', () => ['preflight', ...flags]],
    ['diff pod', () => ['diff', 'pod', ...target, ...flags, ...newCase()]],
    ['snapshot node', () => ['snapshot', 'node', node, ...flags, ...newCase()]],
    ['isolate', () => ['isolate', ...target, '--yes', ...flags, ...newCase()]],
    ['respond', () => ['respond', ...target, '--yes', ...flags, ...newCase()]],
  ];

  for (const [name, words] of commands) {
    it(`${name}: nothing after success, and nothing after ${moments} interrupts but what it says`, async () => {
      const began = performance.now();
      const whole = await kubectlIr(words());
      const ms = performance.now() - began;
      expect(whole.code, whole.stderr).to.be.oneOf([0, 1, 3]);
      await checkRemains(whole);
      for (let i = 0; i < moments; i += 1) {
        const after = Math.random() * ms;
        const outcome = await interrupted(words(), 'SIGINT', after);
        const said = `after ${after.toFixed(0)} of ${ms.toFixed(0)} ms: ${outcome.stderr}`;
        expect(outcome.code, said).to.be.oneOf([0, 1, 3, 130]);
        await checkRemains(outcome, said);
      }
    });
  }

  /** Only an isolation with its record may stand, and only when the command said so; `release` takes it away. */
  async function checkRemains(outcome: Outcome, said = outcome.stderr): Promise<void> {
    const left = await ours();
    if (left.length > 0) {
      expect(left, said).to.satisfy(isRecorded);
      expect(outcome.stdout + outcome.stderr, said).to.match(/still stands|Undo|release/);
      const released = await kubectlIr(['release', ...target, '--yes', ...flags]);
      expect(released.code, `${said}\n${released.stderr}`).to.equal(0);
    }
    expect(await ours(), said).to.deep.equal([]);
    expect(await rulesOn(node), said).to.deep.equal([]);
  }
});

/** A record, and nothing beside it but the pod with our label and the policy; above all no collector. */
function isRecorded(names: readonly string[]): boolean {
  const allowed = /^(?:pod\/web|configmap\/ir-|networkpolicy\.networking\.k8s\.io\/ir-)/;
  return names.some((name) => name.startsWith('configmap/')) && names.every((name) => allowed.test(name));
}

const web = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'web', image: 'lab.local/shop:1', imagePullPolicy: 'IfNotPresent' }],
  },
};
