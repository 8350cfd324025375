import { expect } from 'chai';
import type { Workload } from '../../../../src/incident/report/facts/workloads.ts';
import { relationsOf, workloadsSection } from '../../../../src/incident/report/sections/workloads.ts';
import { saidBy, sampleReport } from '../report-lab.ts';

describe('workloadsSection', () => {
  const sample = sampleReport();
  const [workload] = sample.workloads as [Workload];

  it('leads engineers to the code: image, digest, source and revision', () => {
    const text = saidBy(workloadsSection(sample, 'engineers'));
    for (const part of [
      'Image: `shop:1`',
      'Digest: `shop@sha256:ab`',
      'Source: `https://git.example/shop`',
      'Revision: `abc`',
    ])
      expect(text).to.contain(part);
    expect(saidBy(workloadsSection(sample, 'managers'))).not.to.contain('Digest');
  });

  it('says when no label tells the source', () => {
    const bare = { ...workload, containers: [{ name: 'main', image: 'shop:1' }] };
    expect(saidBy(workloadsSection({ ...sample, workloads: [bare] }, 'all'))).to.contain(
      'Source: not in the case: no label of the image says so',
    );
    expect(saidBy(workloadsSection({ ...sample, workloads: [] }, 'all'))).to.contain(
      'not about a pod that could be named',
    );
  });

  it('pictures owner, services, node, account and peers of a pod, each once', () => {
    const { nodes, edges } = relationsOf({ ...sample, workloads: [workload, { ...workload, pod: 'web-2' }] });
    expect(nodes.map(({ column, kind, name, tone }) => [column, kind, name, tone])).to.deep.equal([
      [1, 'pod, RELEASED', 'web', 'warn'],
      [0, 'owner', 'ReplicaSet/web', 'plain'],
      [0, 'service', 'web', 'plain'],
      [2, 'node', 'node-a', 'bad'],
      [2, 'account', 'prod/default', 'plain'],
      [2, 'talked to', '10.0.0.2:2', 'plain'],
      [1, 'pod, NOT ISOLATED', 'web-2', 'warn'],
    ]);
    expect(edges).to.have.length(10);
  });
});
