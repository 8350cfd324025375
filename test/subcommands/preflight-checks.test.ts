import { expect } from 'chai';
import {
  checkNamespace,
  checkNodes,
  checkPod,
  checkPull,
  checkRights,
  type Setting,
} from '../../src/subcommands/preflight-checks.ts';
import { aNode } from '../fake-api/builders.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('preflight checks', () => {
  const signal = new AbortController().signal;
  const setting: Setting = {
    namespace: 'prod',
    collectorNamespace: 'kubectl-ir',
    image: 'busybox:1',
    signal,
  };
  const cluster = fakeCluster();

  const putNamespace = (more: object = {}): void => {
    cluster.fake.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kubectl-ir', ...more } });
  };

  describe('checkRights', () => {
    it('asks for each right once', async () => {
      const { check, missing } = await checkRights(cluster.api, ['isolate', 'release'], setting);
      expect(check).to.deep.equal({
        check: 'rights',
        state: 'ok',
        detail: 'isolate, release, for pods of namespace prod',
      });
      expect(missing).to.deep.equal([]);
      const asked = cluster.fake.requests.map(({ body }) => JSON.stringify(body));
      expect(new Set(asked).size).to.equal(asked.length);
    });
  });

  describe('checkNamespace', () => {
    it('is fine when it is there, and tells its pod security', async () => {
      putNamespace({ labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } });
      const { check, exists } = await checkNamespace(cluster.api, setting);
      expect(check).to.include({ state: 'ok', detail: 'kubectl-ir, pod-security privileged' });
      expect(exists).to.equal(true);
    });

    it('is fine when it can be created, and does not create it', async () => {
      const { check, exists } = await checkNamespace(cluster.api, setting);
      expect(check).to.include({ state: 'ok', detail: 'kubectl-ir is absent and will be created' });
      expect(exists).to.equal(false);
      expect(cluster.fake.get('namespaces', undefined, 'kubectl-ir')).to.equal(undefined);
    });

    it('is fine when another command creates it between the look and the try', async () => {
      cluster.fake.intercept(({ method, path }) => {
        if (method === 'POST' && path === '/api/v1/namespaces') putNamespace();
        return undefined;
      });
      const { check, exists } = await checkNamespace(cluster.api, setting);
      expect(check).to.deep.equal({
        check: 'namespace',
        state: 'ok',
        detail: 'kubectl-ir was created just now',
      });
      expect(exists).to.equal(true);
    });

    it('fails when nobody let us create it', async () => {
      cluster.fake.deny({ verb: 'create', resource: 'namespaces' });
      expect((await checkNamespace(cluster.api, setting)).check)
        .to.include({ state: 'fail', granted: true })
        .and.not.have.property('advice');
    });

    it('fails when it is being deleted', async () => {
      putNamespace({ deletionTimestamp: '2026-11-22T04:15:00Z' });
      const { check } = await checkNamespace(cluster.api, setting);
      expect(check).to.include({ state: 'fail', detail: 'kubectl-ir is being deleted' });
    });

    it('is not measured when we may not look', async () => {
      cluster.fake.deny({ verb: 'get', resource: 'namespaces' });
      expect((await checkNamespace(cluster.api, setting)).check).to.include({ state: 'part' });
    });
  });

  describe('checkPod', () => {
    it('is fine when the server would take it, and creates nothing', async () => {
      putNamespace();
      expect(await checkPod(cluster.api, setting, 'node-a', true)).to.include({ state: 'ok' });
      expect(cluster.fake.list('pods')).to.deep.equal([]);
    });

    it('fails with what the server said, and what to do', async () => {
      putNamespace();
      const message = 'pods "x" is forbidden: violates PodSecurity "baseline:latest": privileged';
      cluster.fake.intercept(({ method }) =>
        method === 'POST'
          ? {
              status: 403,
              body: { kind: 'Status', status: 'Failure', message, reason: 'Forbidden', code: 403 },
            }
          : undefined,
      );
      const check = await checkPod(cluster.api, setting, 'node-a', true);
      expect(check).to.include({ state: 'fail' });
      expect(check.detail).to.include('violates PodSecurity');
      expect(check.advice).to.include('--collector-namespace');
    });

    it('is not measured without a namespace', async () => {
      expect(await checkPod(cluster.api, setting, 'node-a', false)).to.include({ state: 'part' });
    });
  });

  describe('checkNodes', () => {
    it('counts the ready ones and names the others', async () => {
      cluster.fake.put(aNode('node-a'));
      const sick = aNode('node-b');
      cluster.fake.put({
        ...sick,
        status: { ...sick.status, conditions: [{ type: 'Ready', status: 'Unknown' }] },
      });
      cluster.fake.put({
        ...aNode('node-w'),
        metadata: { name: 'node-w', labels: { 'kubernetes.io/os': 'windows' } },
      });
      const { check, ready } = await checkNodes(cluster.api, signal);
      expect(check).to.deep.equal({
        check: 'nodes',
        state: 'part',
        detail: '1 of 3 ready, containerd 2.2.1; node-b is not ready; node-w runs windows',
      });
      expect(ready).to.deep.equal(['node-a']);
    });

    it('fails without a ready node, and is not measured when we may not list them', async () => {
      expect((await checkNodes(cluster.api, signal)).check).to.include({ state: 'fail' });
      cluster.fake.deny({ verb: 'list', resource: 'nodes' });
      expect((await checkNodes(cluster.api, signal)).check).to.include({ state: 'part' });
    });
  });

  describe('checkPull', () => {
    it('fails with the reason when the node cannot have the image, and leaves no pod', async () => {
      cluster.fake.put(aNode('node-a'));
      putNamespace();
      cluster.fake.afterCreate('pods', (pod) => ({
        ...pod,
        status: {
          phase: 'Pending',
          containerStatuses: [
            {
              name: 'collector',
              state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } },
            },
          ],
        },
      }));
      const check = await checkPull(cluster.api, memoryIo(), setting, 'node-a');
      expect(check).to.include({ check: 'pull node-a', state: 'fail' });
      expect(check.detail).to.include('ImagePullBackOff').and.to.include('no such image');
      expect(cluster.fake.list('pods')).to.deep.equal([]);
    });
  });
});
