import { expect } from 'chai';
import { openWhole } from '../../../src/evidence/exhibits.ts';
import { readObjects } from '../../../src/subcommands/report/objects.ts';
import { caseWith } from '../../evidence/evidence-lab.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { metadataFile } from '../../filesystem/containerd-databases.ts';
import { damageItem } from '../timeline-lab.ts';

const pod = {
  metadata: { uid: 'u', namespace: 'prod', name: 'web' },
  spec: { nodeName: 'node-a', serviceAccountName: 'shop', containers: [] },
};
const diff = {
  apiVersion: 'kubectl-ir/v1',
  kind: 'PodDiff',
  pod: { namespace: 'prod', name: 'web' },
  containers: [{ name: 'main', image: 'shop:1', changes: [{ path: '/x', change: 'added', flags: [] }] }],
};
const items = {
  'live_response/pod-diff.json': JSON.stringify(diff),
  'live_response/kubernetes/pods.json': JSON.stringify({ items: [pod] }),
  'live_response/kubernetes/pods/web.json': JSON.stringify(pod),
  'live_response/kubernetes/related.json': JSON.stringify({ bindings: [], services: ['shop'] }),
  'live_response/kubernetes/node.json': JSON.stringify({ items: [{ metadata: { name: 'node-a' } }] }),
  'live_response/kubernetes/kubelet/configz.json': JSON.stringify({ kubeletconfig: { readOnlyPort: 10255 } }),
  '[root]/var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db': metadataFile([
    { id: 'c0ffee', labels: { 'org.opencontainers.image.revision': 'abc' } },
  ]),
};

describe('readObjects', () => {
  const { signal } = new AbortController();

  it('has pods, nodes, comparisons, accounts, settings and labels of images', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, items);
      const trouble = { gaps: [], damaged: [] };
      const found = await readObjects((await openWhole(dir)).opened, 'ir-1', trouble, signal);
      expect(found.pods.get('u')).to.include({ name: 'web', account: 'shop' });
      expect([...found.nodes.keys()]).to.deep.equal(['node-a']);
      expect(found.containers.map(({ container, changes }) => [container, changes.total])).to.deep.equal([
        ['main', 1],
      ]);
      expect(found.identities[0]).to.include({ account: 'prod/shop', pod: 'prod/web' });
      expect([...found.services]).to.deep.equal([['prod/web', ['shop']]]);
      expect(found.kubelets.map(({ where, setting }) => [where, setting])).to.deep.equal([
        ['kubelet of node-a', 'authentication.anonymous.enabled'],
        ['kubelet of node-a', 'readOnlyPort: 10255'],
      ]);
      expect([...found.origins]).to.deep.equal([['c0ffee', { revision: 'abc' }]]);
      expect(trouble).to.deep.equal({ gaps: [], damaged: [] });
    }));

  it('tells what of the account of a pod is damaged and reads on', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, items);
      await damageItem(dir, 'live_response/kubernetes/related.json');
      const trouble = { gaps: [], damaged: [] as string[] };
      const found = await readObjects((await openWhole(dir)).opened, 'ir-1', trouble, signal);
      expect(trouble.damaged).to.have.length(1);
      expect(trouble.damaged[0]).to.contain('live_response/kubernetes/related.json');
      expect(found.pods.size).to.equal(1);
    }));

  it('tells what is damaged and reads on', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, items);
      await damageItem(dir, 'live_response/kubernetes/node.json');
      const trouble = { gaps: [], damaged: [] as string[] };
      const found = await readObjects((await openWhole(dir)).opened, 'ir-1', trouble, signal);
      expect(trouble.damaged[0]).to.contain('live_response/kubernetes/node.json');
      expect(found.pods.size).to.equal(1);
    }));
});
