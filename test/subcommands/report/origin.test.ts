import { expect } from 'chai';
import { openWhole } from '../../../src/evidence/exhibits.ts';
import { readOrigin } from '../../../src/subcommands/report/origin.ts';
import { caseWith } from '../../evidence/evidence-lab.ts';
import { inSandbox } from '../../evidence/sandbox.ts';

const about = { name: 'ir-1', created: '2026-11-22T04:15:00Z' };
const workloads = new Set(['prod/web']);
const { signal } = new AbortController();
const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-2', uid: 'r2', controller: true };
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { uid: 'u', namespace: 'prod', name: 'web', ownerReferences: [owner] },
  spec: { containers: [{ name: 'main', image: 'shop:2' }] },
};
const template = (image: string): object => ({ spec: { containers: [{ name: 'main', image }] } });
const set = (name: string, revision: string, created: string, image: string): object => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    uid: `r${revision}`,
    namespace: 'prod',
    name,
    creationTimestamp: created,
    annotations: { 'deployment.kubernetes.io/revision': revision },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'd', controller: true }],
  },
  spec: { template: template(image) },
});
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { uid: 'd', namespace: 'prod', name: 'web' },
  spec: { template: template('shop:2') },
};

describe('readOrigin', () => {
  it('has the change before the case that is nearest to its pods', () =>
    inSandbox(async (dir) => {
      const sets = [
        set('web-1', '1', '2026-11-01T00:00:00Z', 'shop:1'),
        set('web-2', '2', '2026-11-22T04:00:00Z', 'shop:2'),
      ];
      await caseWith(dir, {
        'live_response/kubernetes/pods/web.json': JSON.stringify(pod),
        'live_response/kubernetes/deployments/web.json': JSON.stringify(deployment),
        'live_response/kubernetes/replicasets.json': JSON.stringify({
          kind: 'ReplicaSetList',
          apiVersion: 'apps/v1',
          items: sets,
        }),
      });
      const trouble = { gaps: [], damaged: [] };
      const origin = await readOrigin(about, (await openWhole(dir)).opened, workloads, trouble, signal);
      expect(
        await readOrigin(about, (await openWhole(dir)).opened, new Set(['prod/x']), trouble, signal),
      ).to.equal(undefined);
      expect(origin?.since).to.equal('2026-11-20T04:15:00Z');
      expect(origin?.causes.items[0]).to.include({
        time: '2026-11-22T04:00:00Z',
        object: 'deployment/web in prod',
      });
      expect(origin?.causes.command).to.equal('kubectl ir changes ir-1');
      expect(trouble.damaged).to.deep.equal([]);
    }));

  it('is none without objects or without a time', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { a: 'x' });
      const { opened } = await openWhole(dir);
      const trouble = { gaps: [], damaged: [] };
      expect(await readOrigin(about, opened, workloads, trouble, signal)).to.equal(undefined);
      expect(await readOrigin({ ...about, created: '' }, opened, workloads, trouble, signal)).to.equal(
        undefined,
      );
    }));
});
