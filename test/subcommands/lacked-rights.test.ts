import { expect } from 'chai';
import { lackedRights } from '../../src/subcommands/lacked-rights.ts';
import { core } from '../../src/subcommands/rights/acts.ts';
import { failureOf } from '../support/failure.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';

describe('lackedRights', () => {
  const cluster = fakeCluster();

  it('tells by act what the user may not, of the acts that are wanted, asks each right once, and requires some', async () => {
    const { fake, api } = cluster;
    const { signal } = new AbortController();
    const places = { namespace: 'prod', collectorNamespace: 'kubectl-ir' };
    fake.deny({ resource: 'poddisruptionbudgets', verb: 'create' });
    fake.deny({ resource: 'pods/exec' });
    fake.deny({ resource: 'nodes', verb: 'patch' });
    const asked = { command: 'isolate', required: core(places), places } as const;
    const mayNot = await lackedRights(api, { signal }, { ...asked, wishes: {} });
    const reviews = fake.requests.map(({ body }) => JSON.stringify(body));
    expect(reviews).to.deep.equal([...new Set(reviews)]);
    expect([...mayNot].map(([kind, rights]) => [kind, rights.map(({ resource }) => resource)])).to.deep.equal(
      [
        ['guard', ['poddisruptionbudgets']],
        ['cut', ['pods', 'pods']],
        ['inside', ['pods', 'pods']],
      ],
    );
    const cordoned = await lackedRights(
      api,
      { signal },
      { ...asked, wishes: { cordon: true, freeze: true, skip: ['cut', 'inside', 'guard'] } },
    );
    expect([...cordoned.keys()]).to.deep.equal(['freeze', 'cordon']);
    fake.deny({ resource: 'configmaps', verb: 'patch' });
    const refused = await failureOf(lackedRights(api, { signal }, { ...asked, wishes: {} }));
    expect(refused.message).to.match(
      /may not do what isolate needs:\n {2}patch configmaps +in namespace kubectl-ir$/,
    );
  });
});
