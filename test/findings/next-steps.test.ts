import { expect } from 'chai';
import { nextSteps } from '../../src/findings/next-steps.ts';

describe('next steps', () => {
  const commands = ['kubectl ir show {case} mounts', 'kubectl ir isolate {pod} -n {namespace}'];
  it('name the case and the pod', () => {
    expect(nextSteps(commands, './case', { node: 'a', namespace: 'prod', pod: 'web-0' })).to.deep.equal([
      'kubectl ir show ./case mounts',
      'kubectl ir isolate web-0 -n prod',
    ]);
  });
  it('quote the case for a shell', () => {
    expect(nextSteps(commands, "o'case; x", { node: 'a' })).to.deep.equal([
      "kubectl ir show 'o'\\''case; x' mounts",
    ]);
    expect(nextSteps(commands, '-rf', { node: 'a' })).to.deep.equal(["kubectl ir show '-rf' mounts"]);
  });
  it('take no name that is none of Kubernetes', () => {
    for (const pod of ['web;rm', '$(x)', '-A', 'web\u001b', 'WEB', ''])
      expect(nextSteps(commands, 'c', { node: 'a', namespace: 'prod', pod })).to.have.length(1);
  });
});
