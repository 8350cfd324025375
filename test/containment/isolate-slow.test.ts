import { expect } from 'chai';
import type { ConfigMap } from '../../src/cluster/objects.ts';
import { ContainmentLab, holdingNode } from './containment-lab.ts';

describe('isolate with a slow API server', () => {
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  it('cuts in time, and does the rest when the guards are there', async () => {
    const cut = new AbortController();
    const { collector } = holdingNode(['nft'], (call) => {
      // The clock goes on to where the cut waits no longer.
      if (call.script === 'flows') void lab.io.sleep(4_000);
      if (call.script === 'nft-load') cut.abort();
    });
    lab.fake.hold(({ method, path }) =>
      method === 'PATCH' && path.endsWith('/pods/shop-1-x') && !cut.signal.aborted
        ? new Promise((resolve) => cut.signal.addEventListener('abort', () => resolve()))
        : undefined,
    );
    const { actions, verification } = await lab.isolate(collector);
    expect(verification.verdict).to.equal('HOLDS');
    expect(actions.map(({ kind, outcome }) => `${kind} ${outcome}`)).to.deep.equal(
      ['guard', 'cut', 'inside', 'deny', 'detach'].map((kind) => `${kind} done`),
    );
    const changed = lab.fake.requests
      .filter(({ method }) => method !== 'GET' && method !== 'DELETE')
      .map(({ path, body }) => `${path.split('/').at(-1) ?? ''} ${JSON.stringify(body)}`);
    const at = (pattern: RegExp): number => changed.findIndex((one) => pattern.test(one));
    const order = [/^configmaps .*record\.json/, /done\.cut/, /done\.guard/, /^networkpolicies/];
    expect(order.map(at)).not.to.include(-1);
    expect(order.map(at)).to.deep.equal(order.map(at).sort((a, b) => a - b));
    expect((lab.record() as ConfigMap).data?.['done.guard']).to.match(/^done 2/);
  });
});
