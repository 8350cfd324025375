import { expect } from 'chai';
import { readSurroundings } from '../../src/containment/surroundings.ts';
import { aPod } from '../fake-api/builders.ts';
import { ContainmentLab } from './containment-lab.ts';

describe('readSurroundings', () => {
  const { signal } = new AbortController();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  const put = (apiVersion: string, kind: string, name: string, fields: object, namespace?: string): void =>
    void lab.fake.put({
      apiVersion,
      kind,
      metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
      ...fields,
    });
  const asked = (resource: string): number =>
    lab.fake.requests.filter(({ path }) => path.endsWith(`/${resource}`)).length;

  it('reads node, owner, pods, and what selects the pod, and changes nothing', async () => {
    put('v1', 'Service', 'shop', { spec: { selector: { app: 'shop' } } }, 'default');
    put('networking.k8s.io/v1', 'NetworkPolicy', 'open', { spec: { podSelector: {} } }, 'default');
    lab.fake.put({ ...aPod('other'), metadata: { name: 'other', namespace: 'dev' } });
    const around = await readSurroundings(lab.api, lab.pod, signal);
    expect(around.node?.metadata?.name).to.equal('node-a');
    expect(around.owner?.metadata?.name).to.equal('shop-1');
    expect(around.policies.map(({ name }) => name)).to.deep.equal(['networkpolicy/open']);
    expect(around.adopters.map(({ name }) => name)).to.deep.equal(['replicaset/shop-1']);
    expect(around.pods.map(({ metadata }) => metadata?.name)).to.include.members(['shop-1-x', 'other']);
    expect(around.gaps).to.deep.equal([]);
    expect(asked('customresourcedefinitions')).to.equal(1);
    expect(lab.fake.requests.every(({ method }) => method === 'GET')).to.equal(true);
  });

  it('looks at kinds of other networks only where the API has them, and at webhooks only behind a Service', async () => {
    await readSurroundings(lab.api, lab.pod, signal);
    expect(asked('ciliumnetworkpolicies') + asked('globalnetworkpolicies')).to.equal(0);
    expect(asked('customresourcedefinitions')).to.equal(0);
    lab.fake.groups.set('cilium.io', ['v2']).set('crd.projectcalico.org', ['v1']);
    put('cilium.io/v2', 'CiliumNetworkPolicy', 'c', { spec: { endpointSelector: {} } }, 'default');
    put('crd.projectcalico.org/v1', 'GlobalNetworkPolicy', 'g', { spec: {} });
    const { policies } = await readSurroundings(lab.api, lab.pod, signal);
    expect(policies.map(({ name }) => name)).to.deep.equal([
      'ciliumnetworkpolicy/c',
      'calico globalnetworkpolicy/g',
    ]);
  });

  it('names what it may not read, and looks at the pods of the namespace where it may see no more', async () => {
    lab.fake.deny({ verb: 'list', resource: 'networkpolicies' });
    lab.fake.deny({ verb: 'get', resource: 'nodes' });
    lab.fake.intercept(({ path }) =>
      path === '/api/v1/pods'
        ? { status: 403, body: { kind: 'Status', status: 'Failure', reason: 'Forbidden', message: 'no' } }
        : undefined,
    );
    const { gaps, pods, node } = await readSurroundings(lab.api, lab.pod, signal);
    expect(gaps).to.have.members([
      'networkpolicies in namespace default: you may not list them',
      'node node-a: you may not read it',
      'pods in the whole cluster: you may not list them',
    ]);
    expect([node, pods.length]).to.deep.equal([undefined, 1]);
  });
});
