import { expect } from 'chai';
import { planIsolation } from '../../src/containment/look.ts';
import { createProgress } from '../../src/output/progress.ts';
import { containGroup, named } from '../../src/subcommands/contain-group.ts';
import { collectorNamespace, ContainmentLab } from '../containment/containment-lab.ts';
import type { IsolationPlan } from '../../src/containment/plan.ts';
import { InterruptedError } from '../../src/output/errors.ts';
import { failureOf } from '../support/failure.ts';
import { failure } from '../fake-api/answer.ts';

describe('containGroup', () => {
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

  it('isolates each pod for itself, and goes on when one fails', async () => {
    lab.fake.intercept(({ method, path }) =>
      method === 'POST' && path === `/api/v1/namespaces/${collectorNamespace}/pods`
        ? failure(403, 'Forbidden', 'exceeded quota: none')
        : undefined,
    );
    const plan = await planIsolation(lab.api, lab.pod, { now: lab.io.now(), signal });
    const gone = { ...plan, subject: { ...plan.subject, name: 'gone', node: 'node-b' } };
    const context = { io: lab.io, global: {}, signal };
    const { ends, left } = await containGroup(lab.api, context, [plan, gone], flags, {
      ...{ collectorNamespace, started: lab.io.monotonic(), caseName: 'case', caseDir: './case' },
      ...{ progress: createProgress(lab.io), signal },
    });
    const told = ends.map((end) => ('isolation' in end ? end.isolation.verification.verdict : end.failure));
    expect(left).to.deep.equal([]);
    // They have one uid, so whichever is later finds a record that is not its own.
    expect(told).to.include('UNVERIFIED');
    expect(told.join()).to.match(/^another command isolates pod "\S+" too/);
    expect(lab.io.err()).to.match(/fail {3}collector +\S+ +default\/\S+: .*exceeded quota/);
  });

  it('says of each pod what stands when it is interrupted', async () => {
    const plan = await planIsolation(lab.api, lab.pod, { now: lab.io.now(), signal });
    const interruptedAt = async (path: string, plans: readonly IsolationPlan[]): Promise<Error> => {
      const controller = new AbortController();
      lab.fake.intercept((request) => {
        if (
          request.method !== 'GET' &&
          request.path.startsWith(path) &&
          /verdict|Pod/.test(JSON.stringify(request.body))
        )
          controller.abort(new InterruptedError('stopped by SIGINT'));
        return undefined;
      });
      const context = { io: lab.io, global: {}, signal: controller.signal };
      return failureOf(
        containGroup(lab.api, context, plans, flags, {
          ...{ collectorNamespace, started: lab.io.monotonic(), caseName: 'case', caseDir: "./jane's case" },
          ...{ progress: createProgress(lab.io), signal: controller.signal, where: ' --context=prod' },
        }),
      );
    };
    const other = { ...plan, subject: { ...plan.subject, name: 'other' } };
    const before = await interruptedAt(`/api/v1/namespaces/${collectorNamespace}/pods`, [plan, other]);
    expect(before).to.be.instanceOf(InterruptedError);
    expect(before.message).to.match(
      /^isolation of 2 pods was interrupted: default\/shop-1-x: \S.*; default\/other: \S/,
    );
    expect(before)
      .to.have.property('advice')
      .that.equals("undo it, from any machine: kubectl ir release './jane'\\''s case' --context=prod");
    expect(lab.record()).to.equal(undefined);
    const byApi = { ...plan, leftOut: [{ kind: 'cut', summary: '', why: 'no right' }] } as const;
    const after = await interruptedAt(`/api/v1/namespaces/${collectorNamespace}/configmaps/`, [byApi]);
    expect(after.message).to.match(/interrupted: default\/shop-1-x is isolated$/);
    expect(lab.record()).not.to.equal(undefined);
  });

  it('says which pod a line is about', async () => {
    const progress = named(createProgress(lab.io), 'prod/web');
    await progress.step('cut', 'link', 10);
    await progress.note('Level', 'nft full');
    await progress.warn('late');
    const lines = lab.io.err().trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/^.*(?=prod)/, ''))).to.deep.equal([
      'prod/web: link',
      'prod/web: nft full',
      'prod/web: late',
    ]);
  });
});
