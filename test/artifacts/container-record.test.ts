import { expect } from 'chai';
import {
  containerOfEntry,
  containerOfFile,
  type ContainerRecord,
  joinedContainer,
  runtimeTime,
} from '../../src/artifacts/container-record.ts';
import { parseDockerRecord } from '../../src/artifacts/docker-container.ts';
import { parseDockerHostConfig } from '../../src/artifacts/docker-host-config.ts';
import { parseOciSpec } from '../../src/artifacts/oci-spec.ts';
import { ofDocker, recorded } from './runtimes.ts';

const id = 'ab'.repeat(32);
const of = (path: string): string | undefined => containerOfFile(Buffer.from(`[root]${path}`));

describe('containerOfFile', () => {
  it('brings together the files of one container, and only those', () => {
    const places: Readonly<Record<string, readonly string[]>> = {
      [`docker ${id}`]: [
        `/var/lib/docker/containers/${id}/config.v2.json`,
        `/var/lib/docker/containers/${id}/hostconfig.json`,
        `/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/${id}/config.json`,
        `/run/containerd/io.containerd.runtime.v2.task/moby/${id}/config.json`,
      ],
      [`containerd ${id}`]: [
        `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/config.json`,
        `/run/k0s/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/config.json`,
        `/var/snap/microk8s/common/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/config.json`,
        `/var/lib/containerd/io.containerd.grpc.v1.cri/containers/${id}/status`,
        `/var/lib/rancher/k3s/agent/containerd/io.containerd.grpc.v1.cri/containers/${id}/status`,
      ],
      [`containerd default ${id}`]: [
        `/run/k3s/containerd/io.containerd.runtime.v2.task/default/${id}/config.json`,
      ],
      [`storage ${id}`]: [
        `/run/containers/storage/overlay-containers/${id}/userdata/config.json`,
        `/var/lib/containers/storage/overlay-containers/${id}/userdata/state.json`,
      ],
    };
    for (const [name, paths] of Object.entries(places))
      for (const path of paths) expect(of(path), path).to.equal(name);
    expect(of('/var/lib/containers/storage/overlay-containers/containers.json')).to.equal(undefined);
    expect(containerOfEntry({ id })).to.equal(`storage ${id}`);
    for (const [runtimeNamespace, name] of [
      ['k8s.io', `containerd ${id}`],
      ['moby', `docker ${id}`],
      ['default', `containerd default ${id}`],
    ] as const)
      expect(containerOfEntry({ id, runtimeNamespace })).to.equal(name);
  });
});

describe('joinedContainer', () => {
  it('is a container of docker with its settings', () => {
    const { config, settings, path } = ofDocker('pod');
    const records = [...parseDockerRecord(config, path), ...parseDockerHostConfig(settings, path)];
    const joined = joinedContainer('docker x', records as ContainerRecord[], 2);
    expect(joined).to.include({ runtime: 'docker', state: 'running', image: 'lab:1', privileged: false });
    expect(joined.namespaces).to.have.length(3);
  });

  it('keeps what the specification says, whatever a runtime noted, in any order', () => {
    const specPath = Buffer.from(
      `[root]/var/lib/containers/storage/overlay-containers/${id}/userdata/config.json`,
    );
    const spec = [...parseOciSpec(recorded('podman/web/config.json'), specPath)] as ContainerRecord[];
    const noted = { id, runtime: 'cri-o', args: ['true'], state: 'exited' } as const;
    for (const records of [
      [noted, ...spec],
      [...spec, noted],
    ]) {
      const joined = joinedContainer(`storage ${id}`, records, 1);
      expect(joined).to.include({ runtime: 'podman', state: 'exited', allDevices: true });
      expect(joined.args).to.deep.equal(['sh', '-c', 'sleep 3600']);
    }
  });
});

describe('joinedContainer of a list that names one container again and again', () => {
  it('takes the last', () => {
    const records = Array.from({ length: 300_000 }, (_, index): ContainerRecord => ({ id, restarts: index }));
    expect(joinedContainer(`storage ${id}`, records, 0)).to.deep.equal({ id, restarts: 299_999 });
  });
});

describe('runtimeTime', () => {
  it('is none for the year 1, nothing and something else', () => {
    expect(['0001-01-01T00:00:00Z', undefined, 'soon', ''].map(runtimeTime)).to.deep.equal([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(runtimeTime('2026-11-22T05:12:07.1+01:00')).to.equal('2026-11-22T04:12:07.1Z');
  });
});
