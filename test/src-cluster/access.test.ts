import { expect } from 'chai';
import { rightsError, rightsText, whoAmI } from '../../src/cluster/access.ts';
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

describe('rightsText and rightsError', () => {
  it('name each right and where', () => {
    expect(rightsText(rights)).to.equal(
      [
        '  create pods              in namespace kubectl-ir',
        '  update networkpolicies   in namespace prod',
        '  get pods/exec            in namespace kubectl-ir',
        '  list nodes               in the whole cluster',
      ].join('\n'),
    );
  });

  it('name a right once, and the group of what is not of Kubernetes itself', () => {
    const list = { verb: 'list', resource: 'networkpolicies' };
    const groups = ['networking.k8s.io', 'crd.projectcalico.org', 'networking.k8s.io'];
    expect(rightsText(groups.map((group) => ({ ...list, group })))).to.equal(
      [
        '  list networkpolicies                         in the whole cluster',
        '  list networkpolicies.crd.projectcalico.org   in the whole cluster',
      ].join('\n'),
    );
  });

  it('say what an administrator can run, and warn of privileged pods', () => {
    const who = { command: 'isolate', namespace: 'prod', username: 'jane' };
    const error = rightsError(who, rights.slice(0, 2));
    expect(error.message.split('\n')[0]).to.equal('user "jane" may not do what isolate needs:');
    expect(error.advice).to.equal(
      'ask a cluster administrator to run: kubectl ir preflight --command isolate -n prod --print-rbac --as jane | kubectl apply -f -\n' +
        '(creating pods in a privileged namespace amounts to root on every node)',
    );
    expect(rightsError(who, rights.slice(1)).advice).not.to.include('amounts to root');
  });
});
