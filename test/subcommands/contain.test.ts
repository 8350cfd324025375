import { expect } from 'chai';
import { planIsolation } from '../../src/containment/look.ts';
import type { IsolationPlan } from '../../src/containment/plan.ts';
import { createProgress } from '../../src/output/progress.ts';
import { contain } from '../../src/subcommands/contain.ts';
import { collectorNamespace, ContainmentLab } from '../containment/containment-lab.ts';
import { failure } from '../fake-api/answer.ts';

describe('contain', () => {
  const { signal } = new AbortController();
  const flags = {
    'collector-image': 'busybox:1',
    'collector-namespace': collectorNamespace,
    'collector-pull-secret': undefined,
  };
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  async function containIt(changes: Partial<IsolationPlan> = {}): Promise<string[]> {
    const plan = await planIsolation(lab.api, lab.pod, { now: lab.io.now(), signal });
    const context = { io: lab.io, global: {}, signal };
    const { result: isolation } = await contain(lab.api, context, { ...plan, ...changes }, flags, {
      collectorNamespace,
      started: lab.io.monotonic(),
      caseName: 'case',
      progress: createProgress(lab.io),
      signal,
    });
    return [isolation.verification.verdict, ...isolation.verification.reasons];
  }

  it('goes on by the API alone where no collector can be, and says why', async () => {
    lab.fake.intercept(({ method, path }) =>
      method === 'POST' && path === `/api/v1/namespaces/${collectorNamespace}/pods`
        ? failure(403, 'Forbidden', 'pods "x" is forbidden: exceeded quota: none')
        : undefined,
    );
    const [verdict, reason] = await containIt();
    expect(verdict).to.equal('UNVERIFIED');
    expect(reason).to.match(/^nothing was measured: .*exceeded quota/);
    expect(lab.io.err()).to.match(/fail {3}collector .*going on by the API alone/);
    expect(lab.io.err()).to.contain('warning: use a namespace without that quota');
    expect(lab.io.err().match(/exceeded quota/g)).to.have.length(1);
  });

  it('starts none where the user may not', async () => {
    const leftOut = [{ kind: 'cut', summary: '', why: 'you may not create pods' }] as const;
    expect(await containIt({ leftOut })).to.deep.equal([
      'UNVERIFIED',
      'nothing was measured: you may not create pods',
    ]);
    const created = lab.fake.requests.filter(
      ({ method, path }) => method === 'POST' && path.endsWith('/pods'),
    );
    expect(created).to.deep.equal([]);
  });
});
