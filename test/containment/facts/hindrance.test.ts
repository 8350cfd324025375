import { expect } from 'chai';
import { hindrancesOf } from '../../../src/containment/facts/hindrance.ts';
import { shopPod } from '../subjects.ts';

describe('hindrancesOf', () => {
  const ports = [{ containerPort: 80, hostPort: 8080 }];
  const pod = shopPod({ spec: { nodeName: 'node-a', containers: [{ name: 'web', image: 'x', ports }] } });
  const volumes = [
    { claim: 'data', mode: 'ReadWriteOnce' },
    { claim: 'key', mode: 'ReadWriteOncePod' },
  ] as const;

  it('prevent a DaemonSet’s next pod, which comes to the same node', () => {
    expect(hindrancesOf(pod, 'DaemonSet', volumes)).to.deep.equal({
      prevent: ['host port 8080', 'volume key (ReadWriteOncePod)'],
      limit: [],
    });
  });

  it('limit where a ReplicaSet’s next pod may run', () => {
    expect(hindrancesOf(pod, 'ReplicaSet', volumes)).to.deep.equal({
      prevent: ['volume key (ReadWriteOncePod)'],
      limit: [
        'not on node-a, because of host port 8080',
        'only on node-a, because of volume data (ReadWriteOnce)',
      ],
    });
    expect(hindrancesOf(shopPod(), 'Job', [])).to.deep.equal({ prevent: [], limit: [] });
  });

  it('always prevent a StatefulSet’s, which would have the same name', () => {
    expect(hindrancesOf(shopPod(), 'StatefulSet', []).prevent).to.have.length(1);
  });
});
