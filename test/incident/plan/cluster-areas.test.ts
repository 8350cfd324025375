import { expect } from 'chai';
import { clusterAreas } from '../../../src/incident/plan/cluster-areas.ts';

const partOf = 'app.kubernetes.io/part-of';

describe('clusterAreas', () => {
  it('makes an area of the cluster, of each application and of each other namespace', () => {
    const areas = clusterAreas(
      [
        { name: 'default' },
        { name: 'kube-system' },
        { name: 'kubectl-ir' },
        { name: 'shop', labels: { team: 'checkout' } },
        { name: 'shop-data' },
        { name: 'wiki', annotations: { 'example.org/owner': 'docs team' } },
      ],
      [
        { namespace: 'shop', name: 'web', labels: { [partOf]: 'Shop' } },
        { namespace: 'shop-data', name: 'db', labels: { [partOf]: 'Shop', team: 'storage' } },
        { namespace: 'shop', name: 'api', labels: { [partOf]: 'Shop', team: 'checkout' } },
        { namespace: 'kube-system', name: 'dns', labels: { [partOf]: 'dns' } },
      ],
    );
    expect(areas).to.deep.equal([
      {
        id: 'cluster',
        name: 'The cluster: nodes, network, storage',
        namespaces: ['kube-system', 'kubectl-ir'],
      },
      {
        id: 'shop',
        name: 'Shop',
        namespaces: ['shop', 'shop-data'],
        selector: `${partOf}=Shop`,
        owner: 'checkout',
      },
      { id: 'wiki', name: 'What runs in wiki', namespaces: ['wiki'], owner: 'docs team' },
    ]);
  });

  it('gives no id twice, no more than 40 areas, and takes no essay for an owner', () => {
    const twins = clusterAreas(
      [{ name: 'cluster' }, { name: 'a', annotations: { owner: 'x'.repeat(64) } }],
      [],
    );
    expect(twins.map(({ id }) => id)).to.deep.equal(['cluster', 'cluster-2', 'a']);
    const used = clusterAreas([{ name: 'default' }], [{ namespace: 'default', name: 'x' }]);
    expect(used.map(({ id }) => id)).to.deep.equal(['cluster', 'default']);
    expect(twins[2]).to.not.have.property('owner');
    expect(
      clusterAreas(
        Array.from({ length: 99 }, (_, i) => ({ name: `n${i}` })),
        [],
      ),
    ).to.have.length(40);
  });
});
