import { expect } from 'chai';
import { parseDockerContainer } from '../../src/artifacts/docker-container.ts';

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
      running: false,
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
