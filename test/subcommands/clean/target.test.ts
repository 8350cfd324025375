import { expect } from 'chai';
import type { Api } from '../../../src/cluster/api.ts';
import {
  type CleanTarget,
  controllerOf,
  findObjects,
  makerText,
  mirrorText,
  parseObjects,
  pathOf,
  refuseTarget,
} from '../../../src/subcommands/clean/target.ts';
import { OperationError } from '../../../src/output/errors.ts';
import { aConfigMap } from '../../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../../fake-api/fake-api.ts';
import { failureOf } from '../../support/failure.ts';
import { cronJob, discoverable } from './clean-lab.ts';

const { signal } = new AbortController();
const target = (more: Partial<CleanTarget> & { metadata?: object } = {}): CleanTarget => ({
  ref: { apiVersion: 'v1', resource: 'configmaps', namespace: 'prod', name: 'loader' },
  ...{ kind: 'ConfigMap', uid: 'u', text: 'configmap/loader' },
  object: { metadata: more.metadata ?? {} },
  ...more,
});
const owner = { controller: true, kind: 'CronJob', name: 'report', uid: 'o' };
const mirror = { 'kubernetes.io/config.mirror': 'x' };

describe('parseObjects', () => {
  it('takes TYPE/NAME and nothing else', () => {
    expect(parseObjects(['cj/report'])).to.deep.equal([{ type: 'cj', name: 'report' }]);
    for (const word of ['report', 'cj/', '/report', 'a/b/c', 'cj/..'])
      expect(() => parseObjects([word]), word).to.throw(/is no object; give TYPE\/NAME/);
  });
});

describe('findObjects', () => {
  let fake: FakeApi;
  let api: Api;
  beforeEach(async () => {
    fake = await startFakeApi();
    discoverable(fake);
    api = await fake.connect();
  });
  afterEach(async () => {
    await api.close();
    await fake.close();
  });

  it('finds each object once, with its uid', async () => {
    const { metadata } = fake.put(cronJob('report'));
    fake.put(aConfigMap('loader'));
    const found = await findObjects(
      api,
      parseObjects(['cj/report', 'configmap/loader', 'cronjobs/report']),
      signal,
    );
    expect(found.map(({ text }) => text)).to.deep.equal(['cronjob.batch/report', 'configmap/loader']);
    expect(found[0]?.uid).to.equal(metadata.uid);
    expect(found.map(pathOf)[0]).to.equal('/apis/batch/v1/namespaces/default/cronjobs/report');
  });

  it('says which one is not there', async () => {
    const failure = await failureOf(findObjects(api, parseObjects(['cj/nothing']), signal));
    expect(failure.message).to.equal('cronjob.batch/nothing not found in namespace "default"');
  });
});

describe('refuseTarget', () => {
  const refused = (one: CleanTarget, reason?: string): string => {
    try {
      refuseTarget(one, 'kubectl-ir', reason);
      return '';
    } catch (error) {
      return String(error);
    }
  };

  it('never removes what is ours, whatever the reason', () => {
    for (const labels of [{ 'kubectl-ir/pod-uid': 'u' }, { 'kubectl-ir/role': 'collector' }])
      expect(refused(target({ metadata: { labels } }), 'because')).to.contain('is of kubectl-ir');
    const suspect = target({ kind: 'Pod', metadata: { labels: { 'kubectl-ir/pod-uid': 'u' } } });
    expect(refused(suspect, 'because')).to.contain('is isolated, and guarded against deletion');
    const inOurs = target({ ref: { ...target().ref, namespace: 'kubectl-ir' } });
    expect(refused(inOurs, 'because')).to.contain('is of kubectl-ir');
  });

  it('says how a pod that is isolated is released, in the same cluster', () => {
    const ref = { ...target().ref, name: 'web', namespace: 'prod' };
    const suspect = target({ kind: 'Pod', ref, metadata: { labels: { 'kubectl-ir/pod-uid': 'u' } } });
    expect(() => refuseTarget(suspect, 'kubectl-ir', undefined, ' --context=prod'))
      .to.throw(OperationError)
      .with.property('advice', 'release it first: kubectl ir release web -n prod --context=prod');
  });

  it('never removes what takes others with it', () => {
    for (const kind of ['Namespace', 'CustomResourceDefinition', 'Node'])
      expect(refused(target({ kind }), 'because'), kind).to.contain('is not removed: ');
  });

  it('removes what is of the cluster itself with a reason only, and what is not without one', () => {
    const others = [
      target({ ref: { ...target().ref, namespace: 'kube-system' } }),
      target({ ref: { ...target().ref, name: 'system:node' } }),
      target({ metadata: { labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } } }),
      target({ kind: 'APIService' }),
    ];
    for (const one of others) {
      expect(refused(one)).to.contain('is of the cluster itself');
      expect(refused(one, ' ')).to.contain('is of the cluster itself');
      expect(refused(one, 'made by the intruder')).to.equal('');
    }
    expect(refused(target())).to.equal('');
  });
});

describe('who makes an object', () => {
  it('tells its controller, the manifest of a node, or the first who wrote it', () => {
    const managedFields = [
      { manager: 'kubectl-edit', operation: 'Update', time: '2026-11-22T05:00:00Z' },
      { manager: 'evil-operator', operation: 'Apply', time: '2026-11-22T04:00:00Z' },
    ];
    expect(makerText({ metadata: { ownerReferences: [owner], managedFields } })).to.equal(
      'cronjob/report, its controller',
    );
    expect(makerText({ metadata: { annotations: mirror }, spec: { nodeName: 'node-a' } })).to.equal(
      'a manifest on node node-a',
    );
    expect(makerText({ metadata: { managedFields } })).to.equal('field manager evil-operator (Apply)');
    expect(makerText({ metadata: { managedFields: 7 } })).to.equal('nobody that the server names');
    expect(controllerOf({ metadata: { ownerReferences: [{ ...owner, controller: false }] } })).to.equal(
      undefined,
    );
  });

  it('makes an instruction of a mirror pod, and of nothing else', () => {
    const pod = target({
      kind: 'Pod',
      object: { metadata: { annotations: mirror }, spec: { nodeName: 'node-a' } },
    });
    expect(mirrorText(pod)).to.match(
      /^take the manifest of static pod loader out of .* on node-a; the kubelet makes it again/,
    );
    expect(mirrorText(target({ kind: 'Pod' }))).to.equal(undefined);
    expect(mirrorText(target({ metadata: { annotations: mirror } }))).to.equal(undefined);
  });
});
