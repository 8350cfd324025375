import { expect } from 'chai';
import { planIsolation } from '../../src/containment/look.ts';
import { OperationError } from '../../src/output/errors.ts';
import { ContainmentLab } from './containment-lab.ts';

describe('planIsolation', () => {
  const { signal } = new AbortController();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  const service = (namespace: string, name: string, clusterIP: string): unknown => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { clusterIP, selector: { app: 'shop' }, ports: [{ port: 443 }] },
  });

  it('sees the services in front of the pod and the peers to try, by reading alone', async () => {
    lab.fake.put(service('default', 'kubernetes', '10.96.0.1') as object);
    lab.fake.put(service('kube-system', 'kube-dns', 'None') as object);
    const plan = await planIsolation(lab.api, lab.pod, { now: lab.io.now(), signal });
    expect(plan.subject.services.map((one) => one.name)).to.deep.equal(['kubernetes']);
    expect(plan.peers.out.map((one) => `${one.what} ${one.address}`)).to.deep.equal([
      'API server 10.96.0.1',
      'kubelet of its node 10.0.0.11',
      'host network of its node 10.0.0.11',
      'host network of its node 10.0.0.11',
      'metadata service 169.254.169.254',
      'metadata service fd00:ec2::254',
    ]);
    expect(plan.peers.services).to.deep.equal([
      { name: 'kubernetes', addresses: ['10.96.0.1'], port: 443, podPort: 443 },
    ]);
    expect(lab.fake.requests.every((request) => request.method === 'GET')).to.equal(true);
  });

  it('names the tries that can not be made for lack of a right', async () => {
    lab.fake.deny({ verb: 'get', resource: 'services', namespace: 'kube-system' });
    const plan = await planIsolation(lab.api, lab.pod, { now: lab.io.now(), signal });
    expect(plan.outlook.gaps).to.deep.equal([
      'service/kube-dns in namespace kube-system, so no try to the cluster DNS: you may not read it',
    ]);
  });

  it('plans for a pod whose owner reference says a name that no object can have', async () => {
    const ownerReferences = [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: '..', uid: 'u-1', controller: true },
    ];
    const pod = { ...lab.pod, metadata: { ...lab.pod.metadata, ownerReferences } };
    const plan = await planIsolation(lab.api, pod, { now: lab.io.now(), signal });
    expect(plan.subject.owner).to.deep.equal({ kind: 'ReplicaSet', name: '..' });
    expect(plan.actions.map(({ kind }) => kind)).to.include('cut');
  });

  it('refuses what cannot be isolated', async () => {
    const pod = { ...lab.pod, status: { phase: 'Succeeded' } };
    const error = await planIsolation(lab.api, pod, { now: lab.io.now(), signal }).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(OperationError);
  });
});
