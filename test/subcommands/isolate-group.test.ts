import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import type { Selection } from '../../src/cluster/selection.ts';
import type { Wishes } from '../../src/containment/plan.ts';
import { groupCode, isolateGroup } from '../../src/subcommands/isolate-group.ts';
import { planIsolation } from '../../src/containment/look.ts';
import type { Verdict } from '../../src/containment/judge.ts';
import type { GroupEnd } from '../../src/containment/present-group.ts';
import { collectorNamespace, ContainmentLab, holdingNode } from '../containment/containment-lab.ts';
import { failure } from '../fake-api/answer.ts';
import { failureOf } from '../support/failure.ts';

describe('isolateGroup', () => {
  const { signal } = new AbortController();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  function isolate(
    selection: Selection,
    dryRun = 'client',
    output?: string,
    dir?: string,
    wishes: Wishes = {},
  ): Promise<number> {
    const flags = {
      ...{ skip: [], detach: false, cordon: false, freeze: false, 'even-if': undefined },
      ...{
        'cut-identity': undefined,
        'probe-outside': undefined,
        'collector-image': undefined,
        'collector-pull-secret': undefined,
      },
      ...{ 'collector-namespace': collectorNamespace, 'dry-run': dryRun, yes: true, case: dir, output },
    };
    const context = { io: lab.io, global: { context: 'prod' }, signal };
    return isolateGroup(lab.api, context, { selection, flags, wishes, started: lab.io.monotonic() });
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

  it('asks of a namespace whose pods are all left for no right', async () => {
    const { metadata, spec } = lab.pod;
    const agent = { ...metadata, name: 'agent', namespace: 'kube-system', uid: 'a' };
    lab.fake.put({ ...lab.pod, metadata: agent, spec: { ...spec, hostNetwork: true } } as never);
    lab.fake.deny({ verb: 'patch', resource: 'pods', namespace: 'kube-system' });
    expect(await isolate({ by: 'node', name: 'node-a' }, 'client', 'json')).to.equal(0);
    const { items, left } = JSON.parse(lab.io.out()) as { items: unknown[]; left: { name: string }[] };
    expect([items.length, left.map(({ name }) => name)]).to.deep.equal([1, ['agent']]);
    lab.fake.deny({ verb: 'patch', resource: 'pods', namespace: 'default' });
    const refused = await failureOf(isolate({ by: 'node', name: 'node-a' }));
    expect(refused.message)
      .to.match(/^ {2}patch pods +in namespace default$/m)
      .and.not.contain('kube-system');
  });

  it('prints what its schema says, and is partial where one is not shown to hold or is left', async () => {
    lab.fake.intercept(({ method, path }) =>
      method === 'POST' && path === `/api/v1/namespaces/${collectorNamespace}/pods`
        ? failure(403, 'Forbidden', 'exceeded quota: none')
        : undefined,
    );
    const { metadata, spec } = lab.pod;
    const uid = '00000000-1111-4222-8333-000000000001';
    const onHost = { ...metadata, name: 'on-host', uid };
    lab.fake.put({ ...lab.pod, metadata: onHost, spec: { ...spec, hostNetwork: true } } as never);
    const dir = await mkdtemp(join(tmpdir(), 'isolate-group-'));
    try {
      expect(
        await isolate({ by: 'selector', text: 'app=shop' }, 'none', 'json', join(dir, 'my case')),
      ).to.equal(3);
      expect(lab.io.err()).to.contain(
        `Undo      kubectl ir release '${join(dir, 'my case')}' --context=prod\n`,
      );
      expect(lab.io.out()).to.contain('"kubectl ir release shop-1-x -n default --context=prod"');
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
    const schema = async (name: string): Promise<object> =>
      JSON.parse(await readFile(`schema/${name}.json`, 'utf8')) as object;
    const ajv = new Ajv2020({ strict: true, allErrors: true, formats: { uuid: true } });
    const validate = ajv.addSchema(await schema('isolation')).compile(await schema('isolation-list'));
    const list = JSON.parse(lab.io.out()) as { items: unknown[]; left: unknown[] };
    expect(validate(list), JSON.stringify(validate.errors)).to.equal(true);
    expect([list.items.length, list.left.length]).to.deep.equal([1, 1]);
  });

  it('says how a node is undone before it looks what came to it since, which may fail', async () => {
    let lists = 0;
    lab.fake.intercept(({ method, path, query }) => {
      if (method === 'POST' && path === `/api/v1/namespaces/${collectorNamespace}/pods`)
        return failure(403, 'Forbidden', 'exceeded quota: none');
      const ofNode = path === '/api/v1/pods' && query.get('fieldSelector') === 'spec.nodeName=node-a';
      return ofNode && (lists += 1) === 2 ? failure(500, 'InternalError', 'no answer') : undefined;
    });
    const dir = await mkdtemp(join(tmpdir(), 'isolate-group-'));
    try {
      const error = await failureOf(
        isolate({ by: 'node', name: 'node-a' }, 'none', undefined, join(dir, 'case')),
      );
      expect(error.message).to.match(/no answer/);
      expect(lab.record()).not.to.equal(undefined);
      expect(lab.io.err()).to.contain(`Undo      kubectl ir release ${join(dir, 'case')} --context=prod\n`);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  it('is a failed verification when one of many leaks, whatever became of the others', async () => {
    const plan = await planIsolation(lab.api, lab.pod, { now: lab.io.now(), signal });
    const holding = await lab.isolate(holdingNode().collector);
    const ended = (verdict: Verdict): GroupEnd => {
      const verification = { ...holding.verification, verdict };
      return { plan, isolation: { ...holding, verification } };
    };
    expect(groupCode([ended('HOLDS'), ended('HOLDS')], 0)).to.equal(0);
    expect(groupCode([ended('HOLDS'), ended('LEAKS'), { plan, failure: 'x' }], 1)).to.equal(4);
    expect(groupCode([ended('HOLDS'), ended('UNVERIFIED')], 0)).to.equal(3);
    expect(groupCode([ended('HOLDS'), { plan, failure: 'x' }], 0)).to.equal(3);
    expect(groupCode([ended('HOLDS')], 1)).to.equal(3);
    expect(groupCode([{ plan, failure: 'x' }], 0)).to.equal(1);
  });

  it('is for one pod where an account would be cut', async () => {
    const wishes = { cutIdentity: 'bindings' } as const;
    const error = await failureOf(
      isolate({ by: 'selector', text: 'app=shop' }, 'client', undefined, undefined, wishes),
    );
    expect(error.message).to.match(/^--cut-identity=bindings is for every pod of an account/);
  });

  it('says that nothing can be cut', async () => {
    lab.fake.put({ ...lab.pod, spec: { ...lab.pod.spec, hostNetwork: true } } as never);
    const error = await failureOf(isolate({ by: 'selector', text: 'app=shop' }, 'none'));
    expect(error.message).to.equal('none of the pods with app=shop can be cut');
    expect(lab.io.err()).to.match(/^Left +default\/shop-1-x is not cut: /m);
  });
});
