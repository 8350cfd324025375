import { expect } from 'chai';
import { nodesOf, workloadsOf } from '../../../../src/incident/report/read/workloads.ts';
import type { FindingFacts } from '../../../../src/incident/report/facts/findings.ts';
import { sampleReport } from '../report-lab.ts';

describe('workloadsOf', () => {
  const sample = sampleReport();
  const [finding] = sample.findings.found.items as [FindingFacts];
  const nothing = {
    isolations: [],
    findings: [],
    containers: [],
    pods: new Map(),
    services: new Map(),
    origins: new Map(),
    detached: () => undefined,
  };

  it('has pods that were isolated, that have grave findings, or that were compared', () => {
    const other = { ...finding, subject: { node: 'n', namespace: 'prod', pod: 'other' } };
    const low = { ...other, severity: 'low' as const, subject: { node: 'n', namespace: 'prod', pod: 'low' } };
    const found = workloadsOf({ ...nothing, isolations: sample.isolations, findings: [other, other, low] });
    expect(found.map(({ pod, verdict, findings }) => [pod, verdict, findings])).to.deep.equal([
      ['web', 'RELEASED', 0],
      ['other', 'NOT ISOLATED', 2],
    ]);
    expect(workloadsOf({ ...nothing, containers: sample.containers })[0]).to.deep.include({
      namespace: 'prod',
      pod: 'web',
    });
  });

  it('joins the object of the pod, what was set aside, peers, services and labels of images', () => {
    const pod = {
      uid: 'u',
      namespace: 'prod',
      name: 'web',
      account: 'shop',
      labels: ['tier=web'],
      containers: [{ name: 'main', image: 'shop:1', id: 'c0ffee' }],
      hardening: [],
    };
    const [one] = workloadsOf({
      ...nothing,
      isolations: sample.isolations,
      containers: sample.containers,
      pods: new Map([['u', pod]]),
      services: new Map([['prod/web', ['shop']]]),
      origins: new Map([['c0ffee', { source: 's', revision: 'r' }]]),
      detached: () => ({ owner: 'ReplicaSet/web', labels: ['app=web'] }),
    });
    expect(one).to.deep.include({
      node: 'node-a',
      owner: 'ReplicaSet/web',
      account: 'shop',
      services: ['shop'],
      labels: ['app=web', 'tier=web'],
      peers: ['tcp 10.0.0.1:1 -> 10.0.0.2:2'],
      containers: [
        {
          name: 'main',
          image: 'shop:1',
          id: 'c0ffee',
          imageID: 'shop@sha256:ab',
          source: 's',
          revision: 'r',
        },
      ],
    });
  });

  it('takes a node for broken out of by grave findings of an escape or of hiding alone', () => {
    const own = { ...finding, subject: { node: 'node-a' } };
    const { attack } = { attack: ['T1059'] };
    const hides = { ...own, rule: 'hidden-process', title: 'hides', attack };
    const ordinary = { ...own, title: 'ordinary', attack };
    const mild = { ...own, title: 'mild', severity: 'medium' as const };
    const hardening = [{ node: 'node-a', where: 'w', setting: 's', why: 'y', instead: 'i' }];
    const nodes = nodesOf(
      new Set(['node-b', 'node-a']),
      new Map([['node-a', { name: 'node-a', kernel: '6.1' }]]),
      [own, own, hides, ordinary, mild],
      hardening,
    );
    expect(nodes).to.deep.equal([
      {
        name: 'node-a',
        kernel: '6.1',
        findings: 5,
        breakout: ['a shell', 'hides'],
        hardening: [{ where: 'w', setting: 's', why: 'y', instead: 'i' }],
      },
      { name: 'node-b', findings: 0, breakout: [], hardening: [] },
    ]);
  });
});
