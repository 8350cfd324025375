import { expect } from 'chai';
import { lackedRights } from '../../src/subcommands/lacked-rights.ts';
import { startFakeApi } from '../fake-api/fake-api.ts';

describe('lackedRights', () => {
  it('tells by act what the user may not, of the acts that are wanted', async () => {
    const fake = await startFakeApi();
    const api = await fake.connect();
    const { signal } = new AbortController();
    const places = { namespace: 'prod', collectorNamespace: 'kubectl-ir' };
    fake.deny({ resource: 'poddisruptionbudgets', verb: 'create' });
    fake.deny({ resource: 'pods/exec' });
    fake.deny({ resource: 'nodes', verb: 'patch' });
    const mayNot = await lackedRights(api, {}, places, signal);
    expect([...mayNot].map(([kind, rights]) => [kind, rights.map(({ resource }) => resource)])).to.deep.equal(
      [
        ['guard', ['poddisruptionbudgets']],
        ['cut', ['pods', 'pods']],
        ['inside', ['pods', 'pods']],
      ],
    );
    const cordoned = await lackedRights(
      api,
      { cordon: true, freeze: true, skip: ['cut', 'inside', 'guard'] },
      places,
      signal,
    );
    expect([...cordoned.keys()]).to.deep.equal(['freeze', 'cordon']);
    await api.close();
    await fake.close();
  });
});
