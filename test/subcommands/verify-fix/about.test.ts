import { expect } from 'chai';
import { caseAbout } from '../../../src/subcommands/verify-fix/about.ts';
import { triagePhases } from '../../../src/evidence/phases.ts';
import { uid } from '../../containment/subjects.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { fixCase, keep, keptDiff, suspect } from './fix-lab.ts';

const other = { ...suspect, name: 'db-0', uid: '00000000-0000-4000-8000-000000000002' };

describe('caseAbout', () => {
  it('finds the pods that were isolated, as they were before, and those that were compared', () =>
    inSandbox(async (dir) => {
      await fixCase(dir, async (opened) => {
        await keep(opened, { kind: 'diff' }, { 'live_response/pod-diff.json': keptDiff(other) });
        const metadata = {
          ...{ name: 'db-0', namespace: 'default', uid: other.uid, labels: { app: 'db' } },
          ownerReferences: [{ kind: 'StatefulSet', name: 'db', controller: true }],
        };
        const list = { kind: 'PodList', apiVersion: 'v1', items: [{ metadata }] };
        await keep(opened, { kind: 'node' }, { 'live_response/kubernetes/pods.json': list });
      });
      const about = await caseAbout(dir);
      expect(about.pods.map(({ uid: of, pod }) => [of, pod.name, pod.controller, pod.labels])).to.deep.equal([
        [
          uid,
          suspect.name,
          { kind: 'ReplicaSet', name: 'shop-6556d99f86' },
          { app: 'shop', 'pod-template-hash': '6556d99f86' },
        ],
        [other.uid, 'db-0', { kind: 'StatefulSet', name: 'db' }, { app: 'db' }],
      ]);
      expect([about.acquisitions.size, about.again.size, about.phases]).to.deep.equal([3, 0, triagePhases]);
    }));

  it('takes nothing of an earlier second look for what the case is about', () =>
    inSandbox(async (dir) => {
      await fixCase(dir, (opened) =>
        keep(opened, { kind: 'diff', again: true }, { 'live_response/pod-diff.json': keptDiff(other) }),
      );
      const about = await caseAbout(dir);
      expect([about.pods.length, about.acquisitions.size, about.again.size]).to.deep.equal([1, 2, 1]);
    }));

  it('believes no diff that names no pod', () =>
    inSandbox(async (dir) => {
      await fixCase(dir, async (opened) => {
        for (const pod of [
          { ...other, name: '../x' },
          { ...other, uid: 'x' },
        ])
          await keep(opened, { kind: 'diff' }, { 'live_response/pod-diff.json': keptDiff(pod) });
        await keep(opened, { kind: 'diff' }, { 'live_response/pod-diff.json': '{"pod":7,"containers":[' });
      });
      expect((await caseAbout(dir)).pods).to.have.length(1);
    }));
});
