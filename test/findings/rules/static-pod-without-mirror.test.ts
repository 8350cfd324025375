import { expect } from 'chai';
import { staticPodWithoutMirror } from '../../../src/findings/rules/static-pod-without-mirror.ts';
import { agent, podList, podObject, seenBy, web } from '../traces-lab.ts';

describe('rule static-pod-without-mirror', () => {
  it('finds a manifest that nobody sees', () => {
    expect(
      seenBy(staticPodWithoutMirror, {
        '[root]/etc/kubernetes/manifests/x.yaml': 'kind: Pod\nmetadata: {name: x, namespace: ghost}\n',
      }),
    ).to.deep.equal(['high: the API server has no mirror pod of it']);
  });
  it('knows the mirror, and leaves other files alone', () => {
    expect(
      seenBy(staticPodWithoutMirror, {
        '[root]/etc/kubernetes/manifests/x.yaml': 'kind: Pod\nmetadata: {name: x, namespace: kube-system}\n',
        '[root]/etc/kubernetes/manifests/y.yaml': 'kind: [',
        'live_response/kubernetes/pods.json': podList(
          podObject(web),
          podObject(agent, { name: 'x-node-a', namespace: 'kube-system' }),
        ),
      }),
    ).to.deep.equal([]);
  });
});
