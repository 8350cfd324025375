import { expect } from 'chai';
import { missingRights } from '../../src/cluster/missing-rights.ts';
import { startFakeApi } from '../fake-api/fake-api.ts';
import type { FakeApi } from '../fake-api/fake-api.ts';

const rights = [
  { verb: 'create', resource: 'pods', namespace: 'kubectl-ir' },
  { verb: 'update', group: 'networking.k8s.io', resource: 'networkpolicies', namespace: 'prod' },
  { verb: 'get', resource: 'pods', subresource: 'exec', namespace: 'kubectl-ir' },
  { verb: 'list', resource: 'nodes' },
];

describe('missingRights', () => {
  let fake: FakeApi;
  beforeEach(async () => {
    fake = await startFakeApi();
  });
  afterEach(() => fake.close());

  it('finds the rights that are missing, in order', async () => {
    fake.deny({ verb: 'create', resource: 'pods' });
    fake.deny({ resource: 'pods/exec' });
    expect(await missingRights(await fake.connect(), rights)).to.deep.equal([rights[0], rights[2]]);
    const reviews = fake.requests.filter(({ path }) => path.endsWith('/selfsubjectaccessreviews'));
    const body = reviews[1]?.body as { spec: { resourceAttributes: unknown } };
    expect(body.spec.resourceAttributes).to.deep.equal(rights[1]);
  });

  it('asks singly only for what the rules do not give, and where they are not all told', async () => {
    const rules = [
      { verbs: ['create'], apiGroups: [''], resources: ['pods'] },
      { verbs: ['*'], apiGroups: [''], resources: ['pods/exec'], resourceNames: ['other'] },
    ];
    const answers: string[] = [];
    const answer = (incomplete: boolean): void =>
      fake.intercept(({ path, body }) => {
        const { spec } = body as { spec: { namespace?: string; resourceAttributes?: { resource: string } } };
        if (spec.resourceAttributes !== undefined) answers.push(spec.resourceAttributes.resource);
        if (!path.endsWith('/selfsubjectrulesreviews')) return undefined;
        answers.push(spec.namespace ?? '');
        return { status: 201, body: { status: { incomplete, resourceRules: rules } } };
      });
    answer(false);
    expect(await missingRights(await fake.connect(), rights)).to.deep.equal([]);
    expect(answers.sort()).to.deep.equal(
      ['kubectl-ir', 'kubectl-ir.everywhere', 'networkpolicies', 'nodes', 'pods', 'prod'].sort(),
    );
    answer(true);
    answers.length = 0;
    expect(await missingRights(await fake.connect(), rights)).to.deep.equal([]);
    expect(answers.filter((one) => one === 'pods')).to.have.length(2);
  });

  it('asks singly where the server refuses to tell its rules, and not at all when it tells all', async () => {
    const api = await fake.connect();
    expect(await missingRights(api, rights)).to.deep.equal([]);
    expect(fake.requests).to.have.length(3);
    fake.deny({ resource: 'selfsubjectrulesreviews' });
    fake.deny({ resource: 'nodes' });
    expect(await missingRights(api, rights)).to.deep.equal([rights[3]]);
  });

  it('asks for one right without a look at rules', async () => {
    expect(await missingRights(await fake.connect(), rights.slice(0, 1))).to.deep.equal([]);
    expect(fake.requests.map(({ path }) => path)).to.deep.equal([
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    ]);
  });
});
