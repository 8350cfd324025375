import { expect } from 'chai';
import {
  isStorageId,
  parseLower,
  parseStorageContainers,
  parseStorageLayers,
} from '../../src/artifacts/containers-storage.ts';

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
