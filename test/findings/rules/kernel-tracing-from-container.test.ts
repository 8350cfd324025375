import { expect } from 'chai';
import { kernelTracingFromContainer } from '../../../src/findings/rules/kernel-tracing-from-container.ts';
import { podList, podObject, seenBy, web } from '../traces-lab.ts';

describe('rule kernel-tracing-from-container', () => {
  it('finds a program on functions of the kernel', () => {
    expect(
      seenBy(kernelTracingFromContainer, {
        '[root]/proc/10/fdinfo/9': 'pos:\t0\nprog_type:\t2\nprog_id:\t7\n',
      }),
    ).to.deep.equal(['high: holds a program of type kprobe']);
  });
  it('scores down an agent that asks to be privileged', () => {
    expect(
      seenBy(kernelTracingFromContainer, {
        '[root]/proc/10/fdinfo/9': 'prog_type:\t2\n',
        'live_response/kubernetes/pods.json': podList(
          podObject(web, { container: { securityContext: { privileged: true } } }),
        ),
      }),
    ).to.deep.equal(['medium: holds a program of type kprobe']);
  });
  it('leaves filters of networks alone, and the node', () => {
    expect(
      seenBy(kernelTracingFromContainer, {
        '[root]/proc/10/fdinfo/9': 'prog_type:\t3\n',
        '[root]/proc/1/fdinfo/9': 'prog_type:\t2\n',
      }),
    ).to.deep.equal([]);
  });
});
