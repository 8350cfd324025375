import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import {
  deletion,
  helmRollback,
  restoration,
  rolloutUndo,
  setImage,
} from '../../../src/incident/change/rollback.ts';
import { aClusterObject, anObject } from './change-lab.ts';

const binding = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', name: 'x' };

/** The words that a POSIX shell makes of a line. */
function wordsOf(line: string): string[] {
  const script = 'for word in "$@"; do printf "%s\\0" "$word"; done';
  return execFileSync('sh', ['-c', `set -- ${line}\n${script}`])
    .toString()
    .split('\0')
    .slice(0, -1);
}

describe('rollback', () => {
  it('deletes, goes back and sets, each word as it is', () => {
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'prod', name: 'web' };
    expect(deletion(binding).rollback).to.equal('kubectl delete clusterrolebinding/x');
    expect(rolloutUndo(web, 3).rollback).to.equal(
      'kubectl rollout undo deployment/web -n prod --to-revision=3',
    );
    expect(setImage(web, 'main', 'a@sha256:b').rollback).to.equal(
      'kubectl set image deployment/web -n prod main=a@sha256:b',
    );
    expect(helmRollback('shop', 2, 'prod').rollback).to.equal('helm rollback shop 2 -n prod');
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      namespace: 'prod',
      name: 'p',
    };
    expect(deletion(policy).rollback).to.equal('kubectl delete networkpolicy.networking.k8s.io/p -n prod');
    expect(deletion({ apiVersion: 'v1', kind: 'Pod', namespace: 'prod', name: 'web-0' })).to.deep.equal({
      noRollback: 'a pod is evidence: isolate it, and look at what made it',
    });
  });

  it('quotes every hostile name, so that a shell sees one word', () => {
    for (const name of [
      "it's",
      '; reboot',
      '$(reboot)',
      '`reboot`',
      '-x --all',
      'a b',
      '*',
      '~root',
      '"',
      '\\',
      '#a',
      '!!',
    ]) {
      const { rollback = '' } = deletion({ ...binding, name });
      expect(wordsOf(rollback)).to.deep.equal(['kubectl', 'delete', `clusterrolebinding/${name}`]);
    }
    for (const name of ['a\nreboot', 'a\u001b[2J', 'a\u202eb', 'ä']) {
      expect(deletion({ ...binding, name }).rollback).to.equal(undefined);
      expect(deletion({ ...binding, name }).noRollback).to.contain('no one can paste');
    }
  });

  it('destroys no evidence, and gives no name that a program would take for an option', () => {
    for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Namespace']) {
      const made = deletion({ apiVersion: 'apps/v1', kind, namespace: 'prod', name: 'web' });
      expect(made.rollback, kind).to.equal(undefined);
      expect(made.noRollback, kind).to.contain('evidence');
    }
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: '--all', name: 'web' };
    for (const made of [
      deletion({ ...binding, kind: '--all' }),
      deletion({ ...binding, namespace: '--all-namespaces' }),
      rolloutUndo(web, 1),
      setImage({ ...web, namespace: 'prod' }, '--all', 'x'),
      helmRollback('shop', 1, '--kubeconfig=x'),
    ])
      expect(made.rollback).to.equal(undefined);
  });

  it('makes an object again from its old state, without what the server sets', () => {
    const before = anObject('networking.k8s.io/v1', 'NetworkPolicy', 'p', {
      metadata: { resourceVersion: '7', annotations: { note: "it's ä\u001b\n" } },
      spec: { podSelector: {} },
      status: {},
    });
    const { rollback = '' } = restoration('create', before, 'id');
    expect(rollback)
      .to.match(/^printf '%s' .* \| kubectl create -f -$/)
      .and.to.match(/^[ -~]*$/);
    const made = execFileSync('sh', ['-c', rollback.replace('kubectl create -f -', 'cat')]).toString();
    expect(JSON.parse(made)).to.deep.equal({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'p', namespace: 'prod', annotations: { note: "it's ä\u001b\n" } },
      spec: { podSelector: {} },
    });
  });

  it('prints no credentials, and nothing that no shell takes', () => {
    const secret = aClusterObject('v1', 'Secret', 's', { data: { a: 'b' } });
    expect(restoration('replace', secret, 'id')).to.deep.equal({
      noRollback: 'what it was before holds credentials and is not printed; it is in id',
    });
    const long = anObject('v1', 'ConfigMap', 'c', { data: { a: 'x'.repeat(200_000) } });
    expect(restoration('create', long, 'id').noRollback).to.contain('too long');
  });
});
