import { expect } from 'chai';
import { privilegedContainer } from '../../../src/findings/rules/privileged-container.ts';
import { agent, podList, podObject, processItems, seenBy, specItems, web } from '../traces-lab.ts';

describe('rule privileged-container', () => {
  it('finds every capability that the pod did not ask for', () => {
    expect(
      seenBy(privilegedContainer, processItems(11, { in: agent, caps: '000001ffffffffff', seccomp: 0 }), {
        'live_response/kubernetes/pods.json': podList(podObject(web), podObject(agent)),
      }),
    ).to.deep.equal([
      'critical: every capability and no seccomp in pid 11; its specification is not in the case, its pod did NOT ask for it',
    ]);
  });
  it('scores a pod down that asks for it, whatever it is called', () => {
    expect(
      seenBy(
        privilegedContainer,
        processItems(11, { in: agent, caps: '000001ffffffffff', seccomp: 0 }),
        specItems(agent, {
          linux: { maskedPaths: [], resources: { devices: [{ allow: true, access: 'rwm' }] } },
        }),
        {
          'live_response/kubernetes/pods.json': podList(
            podObject(web),
            podObject(agent, { container: { securityContext: { privileged: true } } }),
          ),
        },
      ),
    ).to.deep.equal([
      'low: every capability and no seccomp in pid 11; it was started so, its pod asked for it',
    ]);
  });
  it('leaves an ordinary container alone, and one in a user namespace of its own', () => {
    expect(
      seenBy(
        privilegedContainer,
        processItems(11, { in: agent, caps: '000001ffffffffff', seccomp: 0, namespaces: { user: 900 } }),
      ),
    ).to.deep.equal([]);
  });
});
