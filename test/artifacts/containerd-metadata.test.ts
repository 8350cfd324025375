import { expect } from 'chai';
import fc from 'fast-check';
import { openBolt } from '../../src/artifacts/bolt.ts';
import {
  containerdContainer,
  containerdIds,
  snapshotChain,
} from '../../src/artifacts/containerd-metadata.ts';
import { OperationError } from '../../src/output/errors.ts';
import { boltFile } from '../filesystem/bolt-writer.ts';
import { metadataFile, snapshotsFile } from '../filesystem/containerd-databases.ts';

const metadata = metadataFile([
  {
    id: 'a'.repeat(64),
    labels: { 'io.kubernetes.pod.name': 'shop' },
    spec: { mounts: [], padding: 'x'.repeat(300) },
  },
  { id: 'outside', namespace: 'default', snapshotter: 'native' },
]);

describe('containerd metadata', () => {
  it('lists the containers of all namespaces', () => {
    expect([...containerdIds(openBolt(metadata))]).to.deep.equal([
      { namespace: 'default', id: 'outside' },
      { namespace: 'k8s.io', id: 'a'.repeat(64) },
    ]);
  });

  it('reads one with its snapshot, labels and specification', () => {
    const container = containerdContainer(openBolt(metadata), 'k8s.io', 'a'.repeat(64));
    expect(container).to.include({
      image: 'shop:1',
      runtime: 'io.containerd.runc.v2',
      snapshotter: 'overlayfs',
      snapshot: `k8s.io/1/${'a'.repeat(64)}`,
    });
    expect(container?.labels).to.deep.equal({ 'io.kubernetes.pod.name': 'shop' });
    expect(JSON.parse(container?.spec?.toString() ?? '')).to.have.property('mounts');
    expect(containerdContainer(openBolt(metadata), 'k8s.io', 'outside')).to.equal(undefined);
    expect(containerdContainer(openBolt(boltFile({})), 'k8s.io', 'outside')).to.equal(undefined);
  });

  it('has no specification where there is no message', () => {
    for (const spec of ['', '\x0a', '\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff', '\x12\x05abc', '\x08\x01']) {
      const record = { snapshotter: 'overlayfs', spec: Buffer.from(spec, 'latin1') };
      const file = boltFile({ v1: { n: { containers: { c: record } } } });
      expect(containerdContainer(openBolt(file), 'n', 'c')?.spec).to.equal(undefined);
    }
  });

  it('is damaged or sound, whatever bytes are wrong, and never takes long', () => {
    fc.assert(
      fc.property(fc.nat(metadata.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Buffer.from(metadata);
        bytes.writeUInt8(bytes.readUInt8(at) ^ flip, at);
        try {
          for (const { namespace, id } of containerdIds(openBolt(bytes)))
            containerdContainer(openBolt(bytes), namespace, id);
        } catch (error) {
          expect(error).to.be.instanceOf(OperationError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the chain of a snapshot', () => {
  it('leads to the lowest one', () => {
    const file = snapshotsFile({ top: [300, 'middle'], middle: [17, 'base'], base: [2] });
    expect(snapshotChain(openBolt(file), 'top')).to.deep.equal({ ids: [300, 17, 2], active: true });
  });

  const broken: readonly (readonly [string, Parameters<typeof snapshotsFile>[0], string])[] = [
    ['that is not there', {}, 'the snapshotter does not know its snapshot any more'],
    ['with a gap', { top: [5, 'gone'] }, 'snapshot 5 lies on one that is not recorded'],
    ['that leads in a circle', { top: [5, 'below'], below: [4, 'top'] }, 'its snapshots lead in a circle'],
    ['on itself', { top: [5, 'top'] }, 'its snapshots lead in a circle'],
  ];
  for (const [what, snapshots, reason] of broken)
    it(`is none for one ${what}`, () => {
      expect(snapshotChain(openBolt(snapshotsFile(snapshots)), 'top')).to.equal(reason);
    });
});
