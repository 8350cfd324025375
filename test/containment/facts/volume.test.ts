import { expect } from 'chai';
import { boundVolumes, claimNames } from '../../../src/containment/facts/volume.ts';
import { shopPod } from '../subjects.ts';

describe('volumes', () => {
  it('are claims by name, and bound when their strictest mode says so', () => {
    const volumes = [
      { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
      { name: 'tmp', emptyDir: {} },
    ];
    expect(claimNames(shopPod({ spec: { containers: [], volumes } }))).to.deep.equal(['data']);
    const claim = (name: string, accessModes: string[]): object => ({
      metadata: { name },
      spec: { accessModes },
    });
    expect(
      boundVolumes([
        claim('one', ['ReadWriteOnce']),
        claim('pod', ['ReadWriteOncePod']),
        claim('many', ['ReadWriteOnce', 'ReadWriteMany']),
        claim('none', []),
      ]),
    ).to.deep.equal([
      { claim: 'one', mode: 'ReadWriteOnce' },
      { claim: 'pod', mode: 'ReadWriteOncePod' },
    ]);
  });
});
