import { expect } from 'chai';
import type { Selection } from '../../src/cluster/selection.ts';
import { isolateGroup } from '../../src/subcommands/isolate-group.ts';
import { collectorNamespace, ContainmentLab } from '../containment/containment-lab.ts';
import { failureOf } from '../support/failure.ts';

describe('isolateGroup', () => {
  const { signal } = new AbortController();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  function isolate(selection: Selection, dryRun = 'client', output?: string): Promise<number> {
    const flags = {
      ...{ skip: [], detach: false, cordon: false, freeze: false, 'even-if': undefined },
      ...{
        'cut-identity': undefined,
        'probe-outside': undefined,
        'collector-image': undefined,
        'collector-pull-secret': undefined,
      },
      ...{ 'collector-namespace': collectorNamespace, 'dry-run': dryRun, yes: true, case: undefined, output },
    };
    const context = { io: lab.io, global: {}, signal };
    return isolateGroup(lab.api, context, { selection, flags, wishes: {}, started: lab.io.monotonic() });
  }

  it('prints one plan and changes nothing', async () => {
    expect(await isolate({ by: 'selector', text: 'app=shop' }, 'client', 'json')).to.equal(0);
    const plan = JSON.parse(lab.io.out()) as { kind: string; items: { subject: { name: string } }[] };
    expect(plan.kind).to.equal('IsolationPlanList');
    expect(plan.items.map(({ subject }) => subject.name)).to.deep.equal(['shop-1-x']);
    expect(lab.record()).to.equal(undefined);
  });

  it('cordons a whole node and has it validated', async () => {
    expect(await isolate({ by: 'node', name: 'node-a' }, 'server')).to.equal(0);
    expect(lab.io.out())
      .to.match(/cordon +no new pods on node node-a/)
      .and.match(/^node\/node-a cordoned \(server dry run\)$/m);
  });

  it('says that nothing can be cut', async () => {
    lab.fake.put({ ...lab.pod, spec: { ...lab.pod.spec, hostNetwork: true } } as never);
    const error = await failureOf(isolate({ by: 'selector', text: 'app=shop' }, 'none'));
    expect(error.message).to.equal('none of the pods with app=shop can be cut');
    expect(lab.io.err()).to.match(/^Left +default\/shop-1-x is not cut: /m);
  });
});
