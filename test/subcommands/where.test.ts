import { expect } from 'chai';
import { whereText } from '../../src/subcommands/where.ts';

describe('whereText', () => {
  it('is nothing where nothing was given', () => {
    expect(whereText({})).to.equal('');
    expect(
      whereText(
        { 'as-group': [], 'insecure-skip-tls-verify': false },
        { 'collector-namespace': 'kubectl-ir', 'collector-image': undefined },
      ),
    ).to.equal('');
  });

  it('has what leads to the cluster and to the collector, quoted where a shell needs it', () => {
    const global = {
      kubeconfig: '/my files/it\'s"mine',
      context: 'prod',
      as: 'jane',
      'as-group': ['a', 'b;c'],
      'insecure-skip-tls-verify': true,
    };
    const flags = {
      'collector-image': 'registry.example/box:1',
      'collector-namespace': 'forensics',
      'collector-pull-secret': 'pull',
    };
    expect(whereText(global, flags)).to.equal(
      ` --kubeconfig='/my files/it'\\''s"mine' --context=prod --as=jane --as-group=a --as-group='b;c'` +
        ' --insecure-skip-tls-verify --collector-image=registry.example/box:1' +
        ' --collector-namespace=forensics --collector-pull-secret=pull',
    );
  });

  it('leaves out a token, the namespace, and what only this run was to take', () => {
    const global = { token: 'secret', namespace: 'prod', v: 6, 'request-timeout': '3s', context: 'x' };
    expect(whereText(global)).to.equal(' --context=x');
  });
});
