import { expect } from 'chai';
import { openKubelet } from '../../../src/findings/rules/open-kubelet.ts';
import { seenBy } from '../traces-lab.ts';

describe('rule open-kubelet', () => {
  it('finds one that allows everything to everybody', () => {
    expect(
      seenBy(openKubelet, {
        '[root]/var/lib/kubelet/config.yaml':
          'kind: KubeletConfiguration\nauthentication: {anonymous: {enabled: true}}\nauthorization: {mode: AlwaysAllow}\nreadOnlyPort: 10255\n',
      }),
    ).to.deep.equal(['high: strangers may ask, everything is allowed, the read-only port 10255 is open']);
  });
  it('leaves defaults alone', () => {
    expect(
      seenBy(openKubelet, { '[root]/var/lib/kubelet/config.yaml': 'kind: KubeletConfiguration\n' }),
    ).to.deep.equal([]);
  });
});
