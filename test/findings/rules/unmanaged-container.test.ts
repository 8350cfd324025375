import { expect } from 'chai';
import { unmanagedContainer } from '../../../src/findings/rules/unmanaged-container.ts';
import { podList, podObject, processItems, seenBy, specItems, web } from '../traces-lab.ts';

describe('rule unmanaged-container', () => {
  it('finds one of no pod, and doubts another namespace of the runtime', () => {
    expect(
      seenBy(
        unmanagedContainer,
        specItems({ id: 'e'.repeat(64) }),
        specItems({ id: 'f'.repeat(64) }, { space: 'moby' }),
      ),
    ).to.deep.equal([
      'high: in namespace k8s.io of the runtime; it names no pod',
      'medium: in namespace moby of the runtime; it names no pod',
    ]);
  });
  it('weighs less what has no process any more', () => {
    const left = { id: 'e'.repeat(64), pod: '99999999-2222-3333-4444-555555555555' };
    const node = processItems(1, { exe: '/usr/lib/systemd/systemd' });
    const unknown =
      'in namespace k8s.io of the runtime; neither API server nor kubelet know the pod that it names';
    expect(seenBy(unmanagedContainer, specItems(left), node)).to.deep.equal([
      `low: ${unknown}; none of its processes is there`,
    ]);
    const inside = processItems(77, { in: left });
    const endedMeanwhile = seenBy(unmanagedContainer, specItems(left), node, inside);
    expect(endedMeanwhile).to.deep.equal([`low: ${unknown}; none of its processes is there`]);
    const looks = { 'live_response/process/second_look.txt': '1 5\n77 50000\n' };
    expect(seenBy(unmanagedContainer, specItems(left), node, inside, looks)).to.deep.equal([
      `high: ${unknown}`,
    ]);
  });
  it('knows a pod that was there at the beginning only', () => {
    const ended = { id: 'e'.repeat(64), pod: '99999999-2222-3333-4444-555555555555' };
    const before = { 'live_response/kubernetes/pods-before.json': podList(podObject(ended)) };
    expect(
      seenBy(unmanagedContainer, specItems(ended), processItems(77, { in: ended }), before),
    ).to.deep.equal([]);
  });
  it('leaves containers of pods alone', () => {
    expect(seenBy(unmanagedContainer, specItems(web))).to.deep.equal([]);
  });
});
