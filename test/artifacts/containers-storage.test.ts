import { expect } from 'chai';
import {
  isStorageId,
  parseLower,
  parseStorageContainers,
  parseStorageLayers,
  parseStorageRecords,
} from '../../src/artifacts/containers-storage.ts';
import { survivesHostileBytes } from './hostile.ts';
import { recorded } from './runtimes.ts';

const [id, layer, parent] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const file = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

describe('containers/storage', () => {
  it('reads containers', () => {
    const metadata = JSON.stringify({ 'image-name': 'docker.io/library/shop:1', name: 'shop', pod: 7 });
    const entry = { id, layer, image: 'f', names: ['shop', 3], created: '2026-11-22T04:12:07.1Z', metadata };
    expect(parseStorageContainers(file([entry]))).to.deep.equal([
      {
        id,
        names: ['shop'],
        layer,
        image: 'f',
        created: '2026-11-22T04:12:07.1Z',
        metadata: { 'image-name': 'docker.io/library/shop:1', name: 'shop' },
      },
    ]);
  });

  it('leaves out what would lead out of the store, and what is no entry', () => {
    const wrong = [
      { id, layer: '../../../../etc' },
      { id: `${id}/..`, layer },
      { id, layer: `${layer}\n` },
      { id: 5, layer },
      null,
      [],
      'x',
    ];
    expect(parseStorageContainers(file(wrong))).to.deep.equal([]);
    expect(parseStorageContainers(file([{ id, layer, metadata: '{"a":' }]))?.[0]?.metadata).to.deep.equal({});
  });

  it('is no list when it is cut or something else', () => {
    for (const bytes of [file({ id, layer }), file([{ id, layer }]).subarray(0, 40), Buffer.alloc(0)]) {
      expect(parseStorageContainers(bytes)).to.equal(undefined);
      expect(parseStorageLayers(bytes)).to.equal(undefined);
    }
  });

  it('reads what podman wrote', () => {
    const containers = [...parseStorageRecords(recorded('podman/containers.json'))];
    expect(containers.map((one) => ('name' in one ? one.name : one))).to.deep.equal([
      ...['ended', 'running', 'failed', 'web', 'volatile', 'never'],
    ]);
    expect(containers[3]).to.deep.equal({
      id: '4e6c2b6ade8b8ef2f5a95c37afcdc22d418cd18b2fc039610876c8f4098ffadb',
      runtime: 'podman',
      layer: 'b3ec0adb60b6fe679194309c01e40a2f8bd59884fda4a729e1785aed9ca67aa4',
      name: 'web',
      image: 'localhost/lab:1',
      imageId: '81637f75d9acc9cc37aa42f11adabc7a1d24d61eeadc10cc6538b3a5dbd98e69',
      created: '2026-11-26T10:01:50.311598944Z',
    });
  });

  it('reads of which pod a container of CRI-O is', () => {
    const metadata = {
      ...{
        'pod-name': 'web-0',
        'pod-id': parent,
        'image-name': 'shop:1',
        'image-id': 'f',
        name: 'k8s_web_web-0',
      },
      ...{ 'metadata-name': 'web', uid: 'u-1', namespace: 'prod', 'created-at': 1, pod: true },
    };
    const entry = { id, layer, names: ['k8s_web_web-0'], metadata: JSON.stringify(metadata) };
    expect([...parseStorageRecords(file([entry]))]).to.deep.equal([
      {
        ...{ id, runtime: 'cri-o', layer, name: 'k8s_web_web-0', image: 'shop:1', imageId: 'f' },
        ...{ container: 'web', pod: 'web-0', namespace: 'prod', podUid: 'u-1', sandbox: parent },
      },
    ]);
  });

  it('gives one piece that is no record for a list that is cut, and lives through anything', () => {
    const list = recorded('podman/containers.json');
    const none = [{ malformed: 'no list of containers', offset: 0 }];
    for (const bytes of [list.subarray(0, -1), Buffer.alloc(0), Buffer.from('{}')])
      expect([...parseStorageRecords(bytes)]).to.deep.equal(none);
    survivesHostileBytes(parseStorageRecords, list);
  });

  it('reads layers', () => {
    const layers = parseStorageLayers(file([{ id: layer, parent }, { id: parent }, { id, parent: '/etc' }]));
    expect([...(layers?.values() ?? [])]).to.deep.equal([
      { id: layer, parent },
      { id: parent, parent: '' },
    ]);
  });

  it('reads a list of lower layers, and nothing that leads elsewhere', () => {
    const links = ['A', 'B'].map((letter) => `l/${letter.repeat(26)}`);
    expect(parseLower(Buffer.from(links.join(':')))).to.deep.equal(links);
    for (const text of ['', 'l/../../etc', '/etc', `${links[0] ?? ''}:`, `l/${'a'.repeat(26)}`, 'l/A:l/B'])
      expect(parseLower(Buffer.from(text)), text).to.equal(undefined);
  });

  it('knows an id', () => {
    expect([id, id.slice(1), `${id}0`, id.toUpperCase(), 5].map(isStorageId)).to.deep.equal([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
