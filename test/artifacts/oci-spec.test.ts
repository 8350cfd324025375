import { expect } from 'chai';
import { parseOciSpec } from '../../src/artifacts/oci-spec.ts';
import { survivesHostileBytes } from './hostile.ts';

const id = 'ab'.repeat(32);
const path = Buffer.from(`[root]/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/config.json`);
const spec = {
  ociVersion: '1.1.0',
  process: {
    terminal: true,
    user: { uid: 0, gid: 0 },
    args: ['sh', '-c', '\u001b[2J'],
    env: ['PATH=/bin'],
    cwd: '/',
    capabilities: { effective: ['CAP_SYS_ADMIN', 'CAP_NET_RAW'] },
    noNewPrivileges: true,
  },
  root: { path: 'rootfs', readonly: true },
  mounts: [{ destination: '/host', type: 'bind', source: '/', options: ['rbind', 'rw'] }],
  annotations: {
    'io.kubernetes.cri.container-type': 'container',
    'io.kubernetes.cri.container-name': 'web',
    'io.kubernetes.cri.sandbox-name': 'web-0',
    'io.kubernetes.cri.sandbox-namespace': 'prod',
    'io.kubernetes.cri.sandbox-uid': 'u-1',
    'io.kubernetes.cri.image-name': 'shop:1',
  },
  linux: {
    namespaces: [{ type: 'mount' }, { type: 'network', path: '/var/run/netns/cni-1' }],
    cgroupsPath: '/kubepods/x',
    resources: { devices: [{ allow: true, access: 'rwm' }] },
    maskedPaths: ['/proc/kcore'],
  },
  hooks: { prestart: [{ path: '/usr/bin/hook' }] },
};

describe('parseOciSpec', () => {
  it('reads what a container may do', () =>
    expect([...parseOciSpec(Buffer.from(JSON.stringify(spec)), path)]).to.deep.equal([
      {
        id,
        kind: 'container',
        container: 'web',
        pod: 'web-0',
        namespace: 'prod',
        podUid: 'u-1',
        image: 'shop:1',
        args: ['sh', '-c', '\u001b[2J'],
        environment: ['PATH=/bin'],
        directory: '/',
        uid: 0,
        gid: 0,
        cgroup: '/kubepods/x',
        rootPath: 'rootfs',
        terminal: true,
        capabilities: ['SYS_ADMIN', 'NET_RAW'],
        noNewPrivileges: true,
        namespaces: [{ type: 'mount' }, { type: 'network', path: '/var/run/netns/cni-1' }],
        mounts: [{ destination: '/host', source: '/', type: 'bind', options: ['rbind', 'rw'] }],
        devices: [],
        allDevices: true,
        maskedPaths: ['/proc/kcore'],
        readOnlyPaths: [],
        seccomp: false,
        readOnlyRoot: true,
        hooks: ['/usr/bin/hook'],
      },
    ]));

  it('knows the annotations of CRI-O, and its directory', () => {
    const crio = {
      ociVersion: '1',
      annotations: {
        'io.container.manager': 'cri-o',
        'io.kubernetes.cri-o.ContainerName': 'k8s_web_web-1_prod_u_0',
        'io.kubernetes.container.name': 'web',
        'io.kubernetes.pod.name': 'web-1',
      },
    };
    const [one] = [
      ...parseOciSpec(Buffer.from(JSON.stringify(crio)), Buffer.from(`/x/${id}/userdata/config.json`)),
    ];
    expect(one).to.include({ id, manager: 'cri-o', container: 'web', pod: 'web-1' });
  });

  it('survives hostile bytes', () =>
    survivesHostileBytes(
      (bytes) => parseOciSpec(bytes, path),
      JSON.stringify(spec),
      '{"ociVersion":"1","process":[],"linux":7}',
    ));
});
