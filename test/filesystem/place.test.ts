import { expect } from 'chai';
import type { ContainerTarget } from '../../src/filesystem/container.ts';
import { readMounts } from '../../src/filesystem/mounts.ts';
import { needsRecord, placeOfProcess, placeOfRecord, readablePlace } from '../../src/filesystem/place.ts';
import type { StoredContainer } from '../../src/filesystem/stored-container.ts';

const layers = { upper: '/s/2/fs', lowers: ['/s/1/fs'], userAttributes: false };
const first = { pid: 40, parent: 2, startTicks: 100, containerPid: 1, name: 'app' };
const tables = { mounts: undefined, bootTime: Buffer.from('btime 1000\n') };
const overlay = Buffer.from('10 5 0:40 / / rw - overlay overlay rw,lowerdir=/s/1/fs,upperdir=/s/2/fs\n');
const native = Buffer.from(
  '10 5 8:1 /c/io.containerd.snapshotter.v1.native/snapshots/2 / rw - ext4 /dev/sda rw\n',
);
const target: ContainerTarget = {
  name: 'web',
  id: 'a'.repeat(64),
  runtime: 'containerd',
  image: '',
  imageID: '',
  state: 'terminated',
  started: '1970-01-01T00:20:00Z',
};
const stored: StoredContainer = {
  id: target.id,
  runtime: 'containerd',
  image: '',
  labels: {},
  driver: 'native',
  layers: { ...layers, copy: true },
  mounts: [
    { destination: '/data\u00e9', type: 'bind', source: '/v', readOnly: true },
    { destination: '/proc', type: 'proc', source: 'proc', readOnly: false },
  ],
  started: undefined,
};

describe('the place of a container', () => {
  it('is what its first process has', () => {
    const place = placeOfProcess(overlay, first, [first], tables);
    expect(place).to.deep.include({ running: true, driver: 'overlay', layers });
    expect(place.surroundings.started).to.equal(1_001_000_000_000n);
    expect(needsRecord(place, '')).to.equal(false);
    expect(needsRecord(place, 'sandboxed')).to.equal(true);
    expect(needsRecord(undefined, '')).to.equal(true);
  });

  it('has a reason in place of layers without a mount table', () => {
    const place = placeOfProcess(undefined, first, [first], tables);
    expect(place.layers).to.have.property(
      'why',
      'the mount table of its first process, 40, could not be read',
    );
    expect(needsRecord(place, '')).to.equal(true);
  });

  it('is what the record of its runtime has when there is no process', () => {
    const place = placeOfRecord(target, stored, undefined);
    expect(place).to.deep.include({
      running: false,
      driver: 'native',
      layers: stored.layers,
      processes: [],
      members: [],
    });
    expect(place.mounts).to.deep.equal([
      { path: '/data\u00e9', type: 'bind', source: '/v', readOnly: true, nodePath: '/v' },
    ]);
    expect(place.surroundings.started).to.equal(1_200_000_000_000n);
    expect([...place.surroundings.mountPoints]).to.deep.equal(['/data\u00c3\u00a9', '/proc']);
  });

  it('is both where the mount table does not tell the layers', () => {
    const running = placeOfProcess(native, first, [first], tables);
    expect(running.layers)
      .to.have.property('why')
      .that.matches(/^its storage is native/);
    expect(placeOfRecord(target, stored, running)).to.deep.include({
      running: true,
      driver: 'native',
      layers: stored.layers,
    });
  });

  it('is not read where a program serves the layers', () => {
    const place = placeOfProcess(overlay, first, [first], tables);
    const fuse = readMounts(Buffer.from('20 5 0:50 / /s/1/fs rw - fuse.rawBridge stargz rw\n'));
    expect(readablePlace(place, fuse).layers).to.have.property('why');
    expect(readablePlace(place, [])).to.equal(place);
  });
});
