import { expect } from 'chai';
import { planOne, showPlan } from '../../src/subcommands/one-plan.ts';
import { rightsOf } from '../../src/subcommands/rights.ts';
import { collectorNamespace, ContainmentLab } from '../containment/containment-lab.ts';
import { failureOf } from '../support/failure.ts';

describe('planOne', () => {
  const { signal } = new AbortController();
  const wish = {
    command: 'respond',
    target: { resource: 'pods', name: 'shop-1-x' },
    wishes: {},
    collectorNamespace,
    required: (places: Parameters<typeof rightsOf>[1]) => rightsOf('snapshot', places),
  } as const;
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());
  const context = (): Parameters<typeof planOne>[1] => ({ io: lab.io, global: {}, signal });

  it('plans the isolation of the pod, and asks for each right once', async () => {
    lab.fake.deny({ verb: 'none' });
    const { pod, isolation } = await planOne(lab.api, context(), wish);
    expect([pod.metadata?.uid, isolation.subject.uid]).to.deep.equal([lab.uid, lab.uid]);
    const reviews = lab.fake.requests
      .filter(({ path }) => path.endsWith('/selfsubjectaccessreviews'))
      .map(({ body }) => JSON.stringify(body));
    expect(reviews.length).to.be.greaterThan(0);
    expect(reviews).to.deep.equal([...new Set(reviews)]);
  });

  it('is refused without a right that the command can not do without', async () => {
    lab.fake.deny({ verb: 'list', resource: 'events' });
    const error = await failureOf(planOne(lab.api, context(), wish));
    expect(error.message).to.match(/may not do what respond needs:\n {2}list events/);
    const isolate = { ...wish, command: 'isolate', required: () => [] } as const;
    expect((await planOne(lab.api, context(), isolate)).isolation.leftOut).to.deep.equal([]);
  });

  it('is shown as text or as data, and validated when that is wanted', async () => {
    const { isolation } = await planOne(lab.api, context(), wish);
    await showPlan(lab.api, isolation, { 'dry-run': 'client', output: 'json' }, context());
    expect(JSON.parse(lab.io.out())).to.include({ kind: 'IsolationPlan' });
    await showPlan(lab.api, isolation, { 'dry-run': 'server', output: undefined }, context());
    expect(lab.io.out())
      .to.match(/^Plan +1 {2}guard/m)
      .and.match(/^pod\/shop-1-x unlabeled .*\(server dry run\)$/m);
    expect(lab.record()).to.equal(undefined);
  });
});
