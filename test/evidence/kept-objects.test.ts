import { expect } from 'chai';
import { openAcquisitions } from '../../src/evidence/exhibits.ts';
import { type KeptObject, keptObjects, metadataOf } from '../../src/evidence/kept-objects.ts';
import { caseWith } from './evidence-lab.ts';
import { inSandbox } from './sandbox.ts';

describe('keptObjects', () => {
  it('gives what the API server handed out, each object of a list with its kind', () =>
    inSandbox(async (dir) => {
      const pods = {
        kind: 'PodList',
        apiVersion: 'v1',
        items: [{ metadata: { name: 'a' } }, 7, { kind: 'Odd' }],
      };
      await caseWith(dir, {
        'live_response/kubernetes/pods.json': JSON.stringify(pods),
        'live_response/kubernetes/serviceaccounts/default.json':
          '{"kind":"ServiceAccount","metadata":{"name":7}}',
        'live_response/kubernetes/related.json': '{"kind":"Secret"}',
        'live_response/kubernetes/kubelet/pods.json': '{"kind":"PodList","items":[{}]}',
        'live_response/kubernetes/events.json': 'no JSON',
        'live_response/kubernetes/node.json': { truncated: '{"kind":"Node"}' },
      });
      const found: KeptObject[] = [];
      for (const { name, reader } of await openAcquisitions(dir))
        for await (const one of keptObjects(name, reader)) found.push(one);
      expect(found.map(({ kind, object }) => [kind, metadataOf(object).name])).to.deep.equal([
        ['Pod', 'a'],
        ['Odd', ''],
        ['ServiceAccount', ''],
      ]);
      expect(found[0]?.object).to.include({ apiVersion: 'v1', kind: 'Pod' });
    }));
});
