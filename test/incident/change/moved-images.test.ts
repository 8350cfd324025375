import { expect } from 'chai';
import { workloadsOf } from '../../../src/incident/change/affected.ts';
import { movedImages } from '../../../src/incident/change/moved-images.ts';
import { anObject, at, deployment, digestA, digestB, podOf, replicaSet } from './change-lab.ts';

const owners = [replicaSet(1, 0), deployment()];
const before = podOf(1, 'web-a', { minutes: 1 });
const after = podOf(1, 'web-b', { digest: digestB, minutes: 9 });

describe('movedImages', () => {
  it('finds a tag that means another image than it did, and how to run the one before', () => {
    const pods = [after, before, podOf(1, 'web-c', { digest: digestB, minutes: 12 })];
    const made = movedImages(pods, pods, workloadsOf(pods, owners));
    expect(made).to.have.length(1);
    expect(made[0]).to.deep.include({
      time: at(9),
      atLatest: true,
      fields: [{ path: 'image registry.example:5000/shop:1', before: digestA, after: digestB }],
      rollback: `kubectl set image deployment/web -n prod web=registry.example:5000/shop@${digestA}`,
    });
  });

  it('tells nothing of pods that run the same, or that ran it first', () => {
    const same = podOf(1, 'web-d', { minutes: 9 });
    expect(movedImages([same], [same, before], () => undefined)).to.deep.equal([]);
    expect(movedImages([before], [before, after], () => undefined)).to.deep.equal([]);
  });

  it('compares nothing but digests of repositories, and makes no command of a hostile image', () => {
    const hostile = "x'; reboot #:1";
    const make = (name: string, imageID: string, minutes: number): ReturnType<typeof anObject> =>
      anObject('v1', 'Pod', name, {
        spec: { containers: [{ name: 'web', image: hostile }] },
        status: {
          containerStatuses: [{ name: 'web', imageID, state: { running: { startedAt: at(minutes) } } }],
        },
      });
    const local = [make('a', `sha256:${'1'.repeat(64)}`, 1), make('b', `x@${digestB}`, 2)];
    expect(movedImages(local, local, () => undefined)).to.deep.equal([]);
    const moved = [make('a', `x@${digestA}`, 1), make('b', `x@${digestB}`, 2), {}, { spec: 1, metadata: [] }];
    const [bare] = movedImages(moved, moved, () => undefined);
    expect(bare?.noRollback).to.match(/^nothing owns the pod/);
    const [owned] = movedImages(moved, moved, () => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'prod',
      name: 'web',
    }));
    expect(owned?.rollback).to.equal(
      `kubectl set image deployment/web -n prod 'web=x'\\''; reboot #@${digestA}'`,
    );
  });

  it('takes thousands of pods', () => {
    const pods = Array.from({ length: 5000 }, (_, index) =>
      podOf(1, `web-${index}`, { digest: index % 2 === 0 ? digestA : digestB, minutes: index % 60 }),
    );
    expect(movedImages(pods, pods, workloadsOf(pods, owners))).to.have.length(1);
  });
});
