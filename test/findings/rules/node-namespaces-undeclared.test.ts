import { expect } from 'chai';
import { nodeNamespacesUndeclared } from '../../../src/findings/rules/node-namespaces-undeclared.ts';
import { podList, podObject, processItems, seenBy, web } from '../traces-lab.ts';

describe('rule node-namespaces-undeclared', () => {
  it('finds a namespace that was not asked for', () => {
    expect(
      seenBy(nodeNamespacesUndeclared, processItems(11, { in: web, namespaces: { pid: 101 } })),
    ).to.deep.equal(['high: is in the pid namespace of the node; hostPID is not set in its pod']);
  });
  it('leaves a pod alone that asks for it', () => {
    expect(
      seenBy(nodeNamespacesUndeclared, processItems(11, { in: web, namespaces: { pid: 101 } }), {
        'live_response/kubernetes/pods.json': podList(podObject(web, { spec: { hostPID: true } })),
      }),
    ).to.deep.equal([]);
  });
});
