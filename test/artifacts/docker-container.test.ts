import { expect } from 'chai';
import type { ContainerRecord } from '../../src/artifacts/container-record.ts';
import { parseDockerContainer, parseDockerRecord } from '../../src/artifacts/docker-container.ts';
import { survivesHostileBytes } from './hostile.ts';
import { ofDocker } from './runtimes.ts';

const id = 'd'.repeat(64);
const record = {
  ID: id,
  Name: '/shop',
  Driver: 'overlay2',
  Image: 'sha256:0',
  Config: { Image: 'shop:1', Labels: { 'io.kubernetes.pod.name': 'web', wrong: 3 } },
  State: { Running: false, StartedAt: '2026-11-22T04:12:07.000000001Z' },
  MountPoints: {
    '/data': { Type: 'volume', Source: '/var/lib/docker/volumes/v/_data', Destination: '/data', RW: false },
    bad: { Destination: 'data' },
  },
};
const parse = (value: unknown): ReturnType<typeof parseDockerContainer> =>
  parseDockerContainer(Buffer.from(JSON.stringify(value)));

describe('a container of docker', () => {
  it('is read', () => {
    expect(parse(record)).to.deep.equal({
      id,
      name: 'shop',
      image: 'shop:1',
      imageID: 'sha256:0',
      driver: 'overlay2',
      state: 'exited',
      started: '2026-11-22T04:12:07.000000001Z',
      labels: { 'io.kubernetes.pod.name': 'web' },
      mounts: [
        { destination: '/data', type: 'volume', source: '/var/lib/docker/volumes/v/_data', readOnly: true },
      ],
    });
  });

  it('has no start when it never started', () => {
    expect(parse({ ...record, State: { StartedAt: '0001-01-01T00:00:00Z' } })?.started).to.equal('');
  });

  it('is none without a proper id', () => {
    for (const value of [{ ...record, ID: '../x' }, [], 'x', null, 5])
      expect(parse(value)).to.equal(undefined);
    expect(parseDockerContainer(Buffer.from('{"ID":'))).to.equal(undefined);
  });
});

describe('a container of docker as a record', () => {
  it('says how a container is doing, in the words of docker', () => {
    const told = ['pod', 'paused', 'failed', 'refused', 'never'].map((name) => {
      const { config, path } = ofDocker(name);
      const [one] = [...parseDockerRecord(config, path)];
      const { state, pid, exitCode, started, finished } = one as ContainerRecord;
      return [name, state, pid, exitCode, started, finished];
    });
    // The same as `docker inspect` said of them.
    expect(told).to.deep.equal([
      ['pod', 'running', 1236, undefined, '2026-11-26T10:01:49.034264845Z', undefined],
      ['paused', 'paused', 1463, undefined, '2026-11-26T10:01:50.027265494Z', undefined],
      ['failed', 'exited', undefined, 3, '2026-11-26T10:01:49.812751438Z', '2026-11-26T10:01:49.81492511Z'],
      ['refused', 'created', undefined, 128, undefined, undefined],
      ['never', 'created', undefined, undefined, undefined, undefined],
    ]);
  });

  it('says of which pod it is, what it runs and what of the node it sees', () => {
    const { config, path } = ofDocker('pod');
    const [one] = [...parseDockerRecord(config, path)];
    expect(one).to.deep.include({
      name: 'k8s_web_web-0_prod_11111111-2222-3333-4444-555555555555_0',
      ...{ kind: 'container', container: 'web', pod: 'web-0', namespace: 'prod' },
      podUid: '11111111-2222-3333-4444-555555555555',
      sandbox: 'ab'.repeat(32),
      image: 'lab:1',
      imageId: 'sha256:79b2b836b1c759394fdaea210cbfab406a753cbb34e692a3e0aac585fe59317f',
      driver: 'overlay2',
      args: ['sh', '-c', 'sleep 3600'],
      environment: ['TOKEN=secret'],
      created: '2026-11-26T10:01:48.756480152Z',
      mounts: [
        { destination: '/c.sock', source: '/run/containerd/containerd.sock', type: 'bind', options: ['rw'] },
        { destination: '/host/etc', source: '/etc', type: 'bind', options: ['ro'] },
      ],
    });
    const refused = ofDocker('refused');
    const [failed] = [...parseDockerRecord(refused.config, refused.path)];
    expect(failed).to.have.property('error').that.contains('unable to apply caps');
  });

  it('is none in the directory of another container, when it is cut, and when it is something else', () => {
    const { config, path } = ofDocker('pod');
    const elsewhere = Buffer.from(`[root]/var/lib/docker/containers/${'0'.repeat(64)}/config.v2.json`);
    for (const [bytes, at] of [
      [config, elsewhere],
      [config.subarray(0, 2000), path],
      [Buffer.from('[]'), path],
      [Buffer.from('['.repeat(1_000_000)), path],
    ] as const)
      expect([...parseDockerRecord(bytes, at)]).to.deep.equal([
        { malformed: 'no container of docker, or not the one of its directory', offset: 0 },
      ]);
  });

  it('leaves out members of other types and keeps the rest', () => {
    const { config, path } = ofDocker('pod');
    const wrong = {
      ...(JSON.parse(config.toString()) as object),
      State: { Running: 'yes', Pid: '1', ExitCode: [], StartedAt: 5, FinishedAt: 'yesterday', Error: {} },
      ...{ Name: 7, Path: null, Args: { length: 9 }, Config: [], MountPoints: [{}], RestartCount: 'MANY' },
    };
    const [one] = [...parseDockerRecord(Buffer.from(JSON.stringify(wrong).replace('"MANY"', '1e400')), path)];
    expect(one).to.deep.include({ state: 'created', args: [''], environment: [], mounts: [], labels: {} });
    for (const member of ['name', 'pid', 'exitCode', 'started', 'finished', 'error', 'restarts'])
      expect(one).not.to.have.property(member);
  });

  it('survives hostile bytes', () => {
    const { config, path } = ofDocker('pod');
    survivesHostileBytes((bytes) => parseDockerRecord(bytes, path), config);
  });
});
