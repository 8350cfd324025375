import { expect } from 'chai';
import { readPeerObjects } from '../../src/containment/peer-objects.ts';
import { ContainmentLab } from './containment-lab.ts';

describe('readPeerObjects', () => {
  const { signal } = new AbortController();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  it('reads the Services of API server and DNS, and where the API server is', async () => {
    const metadata = { name: 'kubernetes', namespace: 'default' };
    lab.fake.put({ apiVersion: 'v1', kind: 'Service', metadata });
    lab.fake.put({
      ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata },
      ...{ endpoints: [{ addresses: ['10.0.0.1', 'evil; reboot'] }], ports: [{ port: 6443 }] },
    });
    const found = await readPeerObjects(lab.api, signal);
    expect(found.apiServer?.metadata?.name).to.equal('kubernetes');
    expect(found.apiServers).to.deep.equal([{ address: '10.0.0.1', port: 6443 }]);
    expect(found.dns).to.equal(undefined);
  });

  it('does without what may not be read, and names it', async () => {
    lab.fake.deny({ verb: 'get', resource: 'endpointslices' });
    lab.fake.deny({ verb: 'get', resource: 'services' });
    const { gaps, ...found } = await readPeerObjects(lab.api, signal);
    expect(found).to.deep.equal({ apiServer: undefined, apiServers: [], dns: undefined });
    expect([...gaps].sort()).to.deep.equal([
      'endpointslice/kubernetes in namespace default, so no try to the API server itself: you may not read it',
      'service/kube-dns in namespace kube-system, so no try to the cluster DNS: you may not read it',
      'service/kubernetes in namespace default, so no try to the API server by its Service: you may not read it',
    ]);
  });
});
