import { expect } from 'chai';
import { apiGroups } from '../../src/cluster/discovery.ts';
import { startFakeApi } from '../fake-api/fake-api.ts';

describe('apiGroups', () => {
  it('names the groups that are served, the preferred version first', async () => {
    const fake = await startFakeApi();
    const api = await fake.connect();
    fake.groups.set('cilium.io', ['v2', 'v2alpha1']);
    const groups = await apiGroups(api);
    expect(groups.get('apps')).to.deep.equal(['v1']);
    expect(groups.get('cilium.io')).to.deep.equal(['v2', 'v2alpha1']);
    expect(groups.has('projectcalico.org')).to.equal(false);
    await api.close();
    await fake.close();
  });
});
