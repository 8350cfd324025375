import { expect } from 'chai';
import { openBolt } from '../../src/artifacts/bolt.ts';
import type { ContainerRecord } from '../../src/artifacts/container-record.ts';
import { parseContainerdContainers } from '../../src/artifacts/containerd-containers.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { accessTo } from '../../src/artifacts/random-access.ts';
import { type BucketContents, boltFile } from '../filesystem/bolt-writer.ts';
import { metadataFile } from '../filesystem/containerd-databases.ts';
import { survivesHostileBytes } from './hostile.ts';

const created = Buffer.from('010000000ee29463440000002affff', 'hex');
const spec = {
  ociVersion: '1.1.0',
  process: { args: ['/x', '--pool'] },
  annotations: { 'io.kubernetes.cri.container-name': 'web', 'io.kubernetes.cri.sandbox-name': 'web-0' },
};
const database = metadataFile([
  { id: 'a'.repeat(64), labels: { app: 'shop' }, spec, created },
  { id: 'never-started', namespace: 'default', spec: { ociVersion: '1', process: { args: ['sh'] } } },
  { id: 'odd', namespace: 'default', spec: { nothing: true } },
]);

function read(file: Buffer): ReturnType<typeof parseContainerdContainers> {
  return parseContainerdContainers(accessTo(file));
}

describe('containers of containerd', () => {
  it('are those of all namespaces, with what they were made of', () => {
    const found = [...read(database)];
    expect(found.filter(isMalformed)).to.deep.equal([
      { malformed: 'no specification of a container, in the database of containerd', offset: 0 },
    ]);
    const records = found.filter((one): one is ContainerRecord => !isMalformed(one));
    expect(records.map(({ runtimeNamespace, id, args }) => [runtimeNamespace, id, args])).to.deep.equal([
      ['default', 'never-started', ['sh']],
      ['default', 'odd', undefined],
      ['k8s.io', 'a'.repeat(64), ['/x', '--pool']],
    ]);
    expect(records[2]).to.deep.include({
      runtime: 'containerd',
      image: 'shop:1',
      created: '2026-11-22T04:15:00.000000042Z',
      labels: { app: 'shop' },
      container: 'web',
      pod: 'web-0',
    });
    expect(records[1]).not.to.have.property('created');
  });

  it('are told to be missing where the file is none or damaged', () => {
    const damaged = 'the database of containerd is damaged, not all of it was read';
    for (const file of [Buffer.from('x'), database.subarray(0, database.length - 4096)])
      expect([...read(file)].at(-1)).to.deep.equal({ malformed: damaged, offset: 0 });
    expect([...read(boltFile({}))]).to.deep.equal([]);
    const access = { size: 2 ** 30, read: () => Buffer.alloc(0) };
    expect([...parseContainerdContainers(access)].map(isMalformed)).to.deep.equal([true]);
  });

  it('end soon where namespaces share the pages of their containers', () => {
    const many = (make: (index: number) => BucketContents): BucketContents =>
      Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`n${index}`, make(index)]));
    const keys = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`k${index}`, 'v']));
    const file = boltFile({
      v1: many((index) => (index > 0 ? {} : { containers: many(() => keys) })),
    });
    // Entries are views of the file: every namespace becomes the first one.
    const namespaces = [...(openBolt(file).bucket('v1')?.entries() ?? [])];
    for (const { value } of namespaces) namespaces[0]?.value.copy(value);
    const found = [...read(file)];
    expect(found.at(-1)).to.have.property('malformed');
    expect(found.length).to.be.below(200 * 200);
  });

  it('survive hostile bytes', () => survivesHostileBytes(read, database));
});
