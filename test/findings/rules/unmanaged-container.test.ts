import { expect } from 'chai';
import { unmanagedContainer } from '../../../src/findings/rules/unmanaged-container.ts';
import { recorded } from '../../artifacts/runtimes.ts';
import {
  type Content,
  matchesOf,
  podList,
  podObject,
  processItems,
  seenBy,
  specItems,
  web,
} from '../traces-lab.ts';

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
  it('finds one of podman, and weighs less one that ended', () => {
    const place = `[root]/var/lib/containers/storage/overlay-containers/${'e'.repeat(64)}/userdata/config.json`;
    const podman = { [place]: recorded('podman/web/config.json').toString() };
    const seen = 'in namespace podman of the runtime; it names no pod';
    const node = processItems(1, { exe: '/usr/lib/systemd/systemd' });
    const inside = processItems(77, { in: { id: 'e'.repeat(64), pod: '' } });
    const looks = { 'live_response/process/second_look.txt': '1 5\n77 50000\n' };
    expect(seenBy(unmanagedContainer, podman, node, inside, looks)).to.deep.equal([`high: ${seen}`]);
    expect(seenBy(unmanagedContainer, podman, node)).to.deep.equal([
      `low: ${seen}; none of its processes is there`,
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
  it('finds one that hides behind a pod which does not have it', () => {
    const behind = { id: 'e'.repeat(64), pod: web.pod };
    const looks = { 'live_response/process/second_look.txt': '10 50000\n77 50000\n78 997000\n' };
    const [match, ...more] = matchesOf(
      unmanagedContainer,
      specItems(behind),
      processItems(77, { in: behind }),
      looks,
    );
    expect(more).to.deep.equal([]);
    expect(match?.severity ?? 'as the rule').to.equal('as the rule');
    expect(match?.seen).to.equal('it names a pod that has no such container');
    expect(match?.subject).to.deep.equal({ namespace: 'prod', pod: 'web', container: 'main' });
    expect(match?.evidence.map(({ excerpt }) => excerpt)).to.deep.equal([
      `${behind.id} no image: /bin/app`,
      'pid 77 runs /bin/app: /bin/app ',
      `the containers of its pod are ${'a'.repeat(12)}`,
    ]);
    // One of an id that no runtime of Kubernetes gives; its processes can't be told by their cgroup.
    expect(seenBy(unmanagedContainer, specItems({ id: 'shell', pod: web.pod }))).to.have.length(1);
    // A kubelet that has just started it, and one that was started anew meanwhile.
    const young = processItems(78, { in: behind, started: 9970 });
    expect(seenBy(unmanagedContainer, specItems(behind), young, looks)).to.deep.equal([]);
    expect(seenBy(unmanagedContainer, specItems(behind), processItems(79, { in: behind }))).to.deep.equal([]);
  });
  it('knows sandboxes, of which a pod has one', () => {
    const [one, other] = ['e', 'f'].map((letter) => ({ id: letter.repeat(64), pod: web.pod }));
    const sandbox = (which: typeof one): Record<string, Content> =>
      specItems(which ?? web, { kind: 'sandbox' });
    const looks = { 'live_response/process/second_look.txt': '77 50000\n78 50000\n' };
    const both = [processItems(77, one && { in: one }), processItems(78, other && { in: other }), looks];
    expect(seenBy(unmanagedContainer, sandbox(one), ...both)).to.deep.equal([]);
    expect(seenBy(unmanagedContainer, sandbox(one), sandbox(other), ...both)).to.deep.equal([
      'medium: one of 2 sandboxes of its pod',
      'medium: one of 2 sandboxes of its pod',
    ]);
    // One before the pod was started anew has ended.
    const ended = { 'live_response/process/second_look.txt': '78 50000\n' };
    expect(seenBy(unmanagedContainer, sandbox(one), sandbox(other), ...both, ended)).to.deep.equal([]);
  });
  it('leaves containers of pods alone', () => {
    expect(seenBy(unmanagedContainer, specItems(web))).to.deep.equal([]);
  });
});
