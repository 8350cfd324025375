import { expect } from 'chai';
import { runtimeSocket } from '../../../src/findings/rules/runtime-socket.ts';
import { containerMountTable, podList, podObject, processItems, seenBy, web } from '../traces-lab.ts';

describe('rule runtime-socket', () => {
  it('finds the socket that the pod did not ask for', () => {
    expect(
      seenBy(
        runtimeSocket,
        processItems(10, {
          in: web,
          mounts: containerMountTable('51 50 0:5 /containerd/containerd.sock /s ro - tmpfs tmpfs rw'),
        }),
      ),
    ).to.deep.equal(['critical: mounted although its pod did NOT ask for it']);
  });
  it('scores down what it asked for', () => {
    expect(
      seenBy(
        runtimeSocket,
        processItems(10, {
          in: web,
          mounts: containerMountTable('51 50 0:5 /containerd/containerd.sock /s ro - tmpfs tmpfs rw'),
        }),
        {
          'live_response/kubernetes/pods.json': podList(
            podObject(web, {
              spec: { volumes: [{ hostPath: { path: '/var/run/containerd/containerd.sock' } }] },
            }),
          ),
        },
      ),
    ).to.deep.equal(['medium: mounted, as its pod asks']);
  });
  it('finds the directory that one lies in, of k0s and MicroK8s too', () => {
    for (const root of ['/containerd', '/k0s', '/k3s/containerd', '/podman'])
      expect(
        seenBy(
          runtimeSocket,
          processItems(10, {
            in: web,
            mounts: containerMountTable(`51 50 0:5 ${root} /s rw - tmpfs tmpfs rw`),
          }),
        ),
        root,
      ).to.have.length(1);
  });
  it('leaves other sockets alone', () => {
    expect(
      seenBy(
        runtimeSocket,
        processItems(10, {
          in: web,
          mounts: containerMountTable('51 50 0:5 /app/app.sock /s rw - tmpfs tmpfs rw'),
        }),
      ),
    ).to.deep.equal([]);
  });
});
