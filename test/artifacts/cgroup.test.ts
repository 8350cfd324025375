import { expect } from 'chai';
import fc from 'fast-check';
import { containerOf, containerOfProcess, parseCgroup } from '../../src/artifacts/cgroup.ts';

const id = 'a1'.repeat(32);
const other = 'b2'.repeat(32);
const uid = '5f0c1e7a-1111-2222-3333-444455556666';
const hash = '0123456789abcdef0123456789abcdef';

describe('containerOf', () => {
  const layouts: Readonly<Record<string, string>> = {
    'cgroupfs, containerd': `/kubepods/burstable/pod${uid}/${id}`,
    'cgroupfs, guaranteed': `/kubepods/pod${uid}/${id}`,
    'cgroupfs under a root of its own': `/lab-node-a/kubepods/besteffort/pod${uid}/${id}`,
    'systemd, containerd': `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid.replaceAll('-', '_')}.slice/cri-containerd-${id}.scope`,
    'systemd, CRI-O': `/kubepods.slice/kubepods-pod${uid.replaceAll('-', '_')}.slice/crio-${id}.scope`,
    'systemd, CRI-O, own cgroup inside': `/kubepods.slice/kubepods-pod${uid.replaceAll('-', '_')}.slice/crio-${id}.scope/container`,
    'systemd driver on one side only': `/system.slice/containerd.service/kubepods-burstable-pod${uid.replaceAll('-', '_')}.slice:cri-containerd:${id}`,
    'looked at out of a cgroup namespace': `/../../burstable/pod${uid}/${id}`,
    'kind: a node inside a container': `/docker/${other}/kubelet.slice/kubelet-kubepods.slice/kubepods-burstable-pod${uid.replaceAll('-', '_')}.slice/cri-containerd-${id}.scope`,
  };
  for (const [name, path] of Object.entries(layouts))
    it(`knows ${name}`, () => {
      expect(containerOf(path)).to.deep.equal({ containerId: id, podUid: uid });
    });

  it('knows static pods by the hash of their manifest', () => {
    expect(containerOf(`/kubepods/burstable/pod${hash}/${id}`)).to.deep.equal({
      containerId: id,
      podConfigHash: hash,
    });
  });

  it('knows docker and podman containers without a pod', () => {
    expect(containerOf(`/docker/${id}`)).to.deep.equal({ containerId: id });
    expect(containerOf(`/machine.slice/libpod-${id}.scope`)).to.deep.equal({ containerId: id });
  });

  it('sees no container where there is none', () => {
    for (const path of [
      '/',
      '/system.slice/ssh.service',
      `/kubepods/pod${uid}/crio-conmon-${id}`,
      `/x${id}`,
      `/${id}0`,
      `/podcast/${uid}`,
    ])
      expect(containerOf(path).containerId, path).to.equal(undefined);
  });
});

describe('parseCgroup', () => {
  it('reads both versions and skips what is no line', () => {
    const text = `12:cpu,cpuacct:/a:b\n1:name=systemd:/x\nnonsense\n0::/kubepods/pod${uid}/${id}\n`;
    const memberships = parseCgroup(Buffer.from(text));
    expect(memberships.map(({ hierarchy, controllers }) => [hierarchy, ...controllers])).to.deep.equal([
      [12, 'cpu', 'cpuacct'],
      [1, 'name=systemd'],
      [0],
    ]);
    expect(memberships[0]?.path).to.equal('/a:b');
    expect(containerOfProcess(memberships)).to.deep.equal({ containerId: id, podUid: uid });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => void containerOfProcess(parseCgroup(Buffer.from(data)))),
    );
  });
});
