import { expect } from 'chai';
import { rightsText, whoAmI } from '../../src/cluster/access.ts';
import { startFakeApi } from '../fake-api/fake-api.ts';
import type { FakeApi } from '../fake-api/fake-api.ts';

const rights = [
  { verb: 'create', resource: 'pods', namespace: 'kubectl-ir' },
  { verb: 'update', group: 'networking.k8s.io', resource: 'networkpolicies', namespace: 'prod' },
  { verb: 'get', resource: 'pods', subresource: 'exec', namespace: 'kubectl-ir' },
  { verb: 'list', resource: 'nodes' },
];

describe('access', () => {
  let fake: FakeApi;
  beforeEach(async () => {
    fake = await startFakeApi();
  });
  afterEach(() => fake.close());

  it('knows who we are', async () => {
    fake.user = { username: 'jane', uid: '7', groups: ['g'], extra: { k: ['v'] } };
    expect(await whoAmI(await fake.connect())).to.deep.equal(fake.user);
  });

  it('does without SelfSubjectReview on an old server', async () => {
    fake.intercept(() => ({ status: 404, body: '404 page not found' }));
    expect((await whoAmI(await fake.connect())).username).to.equal('unknown');
  });
});

describe('rightsText', () => {
  it('names each right and where', () => {
    expect(rightsText(rights)).to.equal(
      [
        '  create pods              in namespace kubectl-ir',
        '  update networkpolicies   in namespace prod',
        '  get pods/exec            in namespace kubectl-ir',
        '  list nodes               in the whole cluster',
      ].join('\n'),
    );
  });

  it('names a right once, and the group of what is not of Kubernetes itself', () => {
    const list = { verb: 'list', resource: 'networkpolicies' };
    const groups = ['networking.k8s.io', 'crd.projectcalico.org', 'networking.k8s.io'];
    expect(rightsText(groups.map((group) => ({ ...list, group })))).to.equal(
      [
        '  list networkpolicies                         in the whole cluster',
        '  list networkpolicies.crd.projectcalico.org   in the whole cluster',
      ].join('\n'),
    );
  });
});
