import { expect } from 'chai';
import type { Pod } from '../../src/cluster/objects.ts';
import { containersOf, unreadable, wasRestarted } from '../../src/filesystem/container.ts';
import type { ContainerTarget } from '../../src/filesystem/container.ts';
import { OperationError } from '../../src/output/errors.ts';

const id = 'a'.repeat(64);
const status = (name: string, state: object, containerID = `containerd://${id}`): object => ({
  name,
  image: 'i',
  imageID: 'i@sha256:0',
  ready: true,
  restartCount: 0,
  containerID,
  state,
});
const pod = (more: object = {}): Pod => ({
  metadata: { name: 'shop' },
  spec: {
    initContainers: [{ name: 'setup' }],
    containers: [{ name: 'web' }, { name: 'side', image: 's' }],
    ...more,
  },
  status: {
    initContainerStatuses: [status('setup', { terminated: { exitCode: 0 } })],
    containerStatuses: [status('web', { running: {} }), status('side', { waiting: {} }, '')],
  } as NonNullable<Pod['status']>,
});

describe('containers of a pod', () => {
  it('are all of them, with what their status says', () => {
    expect(
      containersOf(pod()).map(({ name, id: found, runtime, state, image }) => [
        name,
        found,
        runtime,
        state,
        image,
      ]),
    ).to.deep.equal([
      ['setup', id, 'containerd', 'terminated', 'i'],
      ['web', id, 'containerd', 'running', 'i'],
      ['side', '', '', 'waiting', 'i'],
    ]);
  });
  it('are those that were named; others are an error that lists them', () => {
    expect(containersOf(pod(), ['web']).map(({ name }) => name)).to.deep.equal(['web']);
    expect(() => containersOf(pod(), ['wep']))
      .to.throw(OperationError, 'pod "shop" has no container "wep"')
      .with.property('advice', 'its containers: setup, web, side');
  });
  const reason = (target: Partial<ContainerTarget>, more?: object): string | undefined =>
    unreadable(
      { name: 'web', id, runtime: 'containerd', image: '', imageID: '', state: 'running', ...target },
      pod(more),
    )?.why;
  it('can be looked at while they run, when they ended and while they wait for a restart, and say why not otherwise', () => {
    expect(reason({})).to.equal(undefined);
    expect(reason({ state: 'terminated' })).to.equal(undefined);
    expect(reason({ state: 'waiting' })).to.equal(undefined);
    expect(reason({ state: 'waiting', id: '' })).to.match(/^it is waiting/);
    expect(reason({ id: `${id}/../x` })).to.equal('its status has no container id');
    expect(reason({}, { runtimeClassName: 'gvisor' })).to.equal(
      'gVisor keeps its file system inside a sandbox',
    );
    expect(reason({}, { runtimeClassName: 'kata-qemu' })).to.match(/sandbox$/);
  });

  it('before the last restart are those of the ones that were restarted', () => {
    const lastState = {
      terminated: {
        exitCode: 1,
        containerID: `cri-o://${'b'.repeat(64)}`,
        startedAt: '2026-11-22T04:12:07Z',
      },
    };
    const restarted = pod();
    const [web] = restarted.status?.containerStatuses ?? [];
    if (web !== undefined) Object.assign(web, { lastState });
    expect(containersOf(restarted, [], { previous: true })).to.deep.equal([
      {
        name: 'web',
        id: 'b'.repeat(64),
        runtime: 'cri-o',
        image: 'i',
        imageID: 'i@sha256:0',
        state: 'terminated',
        started: '2026-11-22T04:12:07Z',
        previous: true,
      },
    ]);
    expect(() => containersOf(restarted, ['side'], { previous: true })).to.throw(
      OperationError,
      'pod "shop" has no instance before the present one of "side": none was restarted',
    );
  });

  it('before the last restart are told when the kubelet has removed them', () => {
    const restarted = pod();
    for (const [index, restartCount] of [1, 0].entries())
      Object.assign(restarted.status?.containerStatuses?.[index] ?? {}, { restartCount });
    expect(wasRestarted(restarted, [])).to.equal(true);
    expect(wasRestarted(restarted, ['side', 'setup'])).to.equal(false);
    const [gone, ...others] = containersOf(restarted, [], { previous: true });
    expect(others).to.deep.equal([]);
    expect(gone).to.include({ name: 'web', id: '', state: 'terminated', started: '' });
    expect(gone && unreadable(gone, restarted)?.why).to.equal(
      'it was restarted, but the kubelet keeps no record of the instance before the present one',
    );
  });
});
