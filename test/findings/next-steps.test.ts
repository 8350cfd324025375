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
  it('take names of roles and bindings as far as they are one harmless word', () => {
    const remove = ['kubectl delete clusterrolebinding {clusterrolebinding} --dry-run=server'];
    const of = (clusterrolebinding: string): string[] =>
      nextSteps(remove, 'c', { node: 'a' }, { clusterrolebinding });
    expect(of('system:Shop.x')).to.deep.equal([
      'kubectl delete clusterrolebinding system:Shop.x --dry-run=server',
    ]);
    for (const name of ['-A', 'a b', 'a;b', '$(x)', 'a/b', ':x', '']) expect(of(name)).to.deep.equal([]);
  });
});
