import { expect } from 'chai';
import type { KubeObject } from '../../src/cluster/objects.ts';
import { ApiError, OperationError } from '../../src/output/errors.ts';
import { ContainmentLab, holdingNode } from './containment-lab.ts';
import { shopSet } from './subjects.ts';

describe('isolate, when the API server is lost', () => {
  for (const [act, sign] of [
    ['guard', /\/poddisruptionbudgets$/],
    ['cut', 'nft-load'],
    ['deny', /\/networkpolicies$/],
    ['detach', /\/pods\/shop-1-x$/],
  ] as const)
    it(`after act ${act}: it says what stands, and release restores the pod`, async () => {
      const lab = await ContainmentLab.start();
      try {
        const before = { ...lab.livePod().metadata };
        let lost = false;
        lab.fake.intercept(({ method, path, body }) => {
          if (lost) return { status: 503, body: { kind: 'Status', message: 'no leader' } };
          // The act itself still reaches the server.
          if (typeof sign !== 'string' && method !== 'GET' && sign.test(path))
            lost = act !== 'detach' || JSON.stringify(body).includes('"app":null');
          return undefined;
        });
        const { collector } = holdingNode();
        const error: unknown = await lab
          .isolate({
            ...collector,
            call: async (script, args, options) => {
              const input = (await options.input) ?? Buffer.alloc(0);
              if (lost) throw new ApiError('the server is lost', { status: 0 });
              const answer = await collector.call(script, args, { ...options, input });
              if (sign === (typeof script === 'string' ? script : script.name)) lost = true;
              return answer;
            },
          })
          .catch((reason: unknown) => reason);
        expect(lost).to.equal(true);
        expect(error).to.be.instanceOf(OperationError);
        expect((error as Error).message).to.match(
          /^isolation of pod "shop-1-x" stopped: .*what still stands: guards/,
        );
        expect(error).to.have.property('advice').that.includes('kubectl ir release shop-1-x');
        lost = false;
        lab.fake.intercept(() => undefined);
        expect((await lab.release(holdingNode().collector)).complete).to.equal(true);
        const after = { ...lab.livePod().metadata };
        expect([after.labels, after.annotations ?? {}]).to.deep.equal([
          before.labels,
          before.annotations ?? {},
        ]);
        expect(lab.record()).to.equal(undefined);
      } finally {
        await lab.close();
      }
    });
});

describe('isolate, with names and labels as long as they may be', () => {
  const name = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`;
  const key = `${'p'.repeat(63)}.${'q'.repeat(63)}.${'r'.repeat(63)}.${'s'.repeat(61)}/${'k'.repeat(63)}`;
  const value = 'v'.repeat(63);

  it('holds, and is undone exactly', async () => {
    const lab = await ContainmentLab.start();
    try {
      const labels = { [key]: value, app: 'shop', 'pod-template-hash': '1' };
      const annotations = { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'x'.repeat(1_000) };
      lab.fake.put(shopSet({ selector: { matchLabels: { [key]: value, app: 'shop' } } }) as KubeObject);
      const pod = { ...lab.pod, metadata: { ...lab.pod.metadata, name, labels, annotations } };
      lab.fake.remove(lab.livePod());
      lab.fake.put(pod as KubeObject);
      const live = (): KubeObject | undefined => lab.fake.get('pods', 'default', name);
      const isolation = await lab.isolate(holdingNode().collector, undefined, { pod: pod });
      expect([isolation.verification.verdict, isolation.pod.name]).to.deep.equal(['HOLDS', name]);
      expect(live()?.metadata.labels).not.to.have.property(key);
      expect((await lab.release(holdingNode().collector, undefined, true, name)).complete).to.equal(true);
      expect([live()?.metadata.labels, live()?.metadata.annotations]).to.deep.equal([labels, annotations]);
      expect(lab.record()).to.equal(undefined);
    } finally {
      await lab.close();
    }
  });
});
