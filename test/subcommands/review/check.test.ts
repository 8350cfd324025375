import { expect } from 'chai';
import type { Manifest } from '../../../src/incident/controls/control.ts';
import { checkManifest } from '../../../src/subcommands/review/check.ts';
import { startFakeApi } from '../../fake-api/fake-api.ts';

const { signal } = new AbortController();
const limits: Manifest = {
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'limits', namespace: 'default' },
};

describe('checkManifest', () => {
  it('asks the server without keeping anything, and says what can not be asked', async () => {
    const fake = await startFakeApi();
    const api = await fake.connect();
    try {
      expect(await checkManifest(api, limits, signal)).to.match(/^(?:accepted|refused: )/);
      const asked = fake.requests.filter(({ method }) => method === 'PATCH');
      expect(asked.map(({ path }) => path)).to.deep.equal(['/api/v1/namespaces/default/limitranges/limits']);
      expect(fake.get('limitranges', 'default', 'limits')).to.equal(undefined);
      const policy = { ...limits, apiVersion: 'audit.k8s.io/v1', kind: 'Policy' };
      expect(await checkManifest(api, policy, signal)).to.equal('not tried: it is a file of the API server');
    } finally {
      await api.close();
      await fake.close();
    }
    expect(await checkManifest(undefined, limits, signal)).to.equal('not tried: the cluster is not reached');
  });
});
