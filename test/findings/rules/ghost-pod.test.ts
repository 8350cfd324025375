import { expect } from 'chai';
import { ghostPod } from '../../../src/findings/rules/ghost-pod.ts';
import { agent, podList, podObject, processItems, seenBy, web } from '../traces-lab.ts';

describe('rule ghost-pod', () => {
  it('finds a pod of the kubelet, and one of a cgroup, that the API has not', () => {
    expect(
      seenBy(
        ghostPod,
        {
          'live_response/kubernetes/kubelet/pods.json': podList(
            podObject(web),
            podObject(agent, {
              name: 'ghost',
              annotations: { 'kubernetes.io/config.hash': 'abc', 'kubernetes.io/config.source': 'file' },
            }),
          ),
        },
        processItems(11, { in: { id: 'd'.repeat(64), pod: '7'.repeat(32) } }),
        { 'live_response/process/second_look.txt': '1 5\n11 50000\n' },
      ),
    ).to.deep.equal([
      'high: the kubelet runs it by file, the API server does not know it',
      'medium: a cgroup of pod 77777777777777777777777777777777 has processes, the API server does not know the pod',
    ]);
  });
  it('leaves a pod alone that ended before the API server was asked', () => {
    expect(
      seenBy(ghostPod, processItems(11, { in: { id: 'd'.repeat(64), pod: '7'.repeat(32) } }), {
        'live_response/process/second_look.txt': '1 5\n11 60000\n',
      }),
    ).to.deep.equal([]);
  });
  it('knows a static pod by its mirror', () => {
    expect(
      seenBy(
        ghostPod,
        {
          'live_response/kubernetes/pods.json': podList(
            podObject(web),
            podObject(agent, { annotations: { 'kubernetes.io/config.hash': '7'.repeat(32) } }),
          ),
        },
        processItems(11, { in: { id: 'd'.repeat(64), pod: '7'.repeat(32) } }),
        { 'live_response/process/second_look.txt': '1 5\n11 50000\n' },
      ),
    ).to.deep.equal([]);
  });
});
