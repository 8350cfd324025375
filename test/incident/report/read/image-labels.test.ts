import { expect } from 'chai';
import {
  containerdOrigins,
  dockerOrigin,
  originOf,
} from '../../../../src/incident/report/read/image-labels.ts';
import { metadataFile } from '../../../filesystem/containerd-databases.ts';

const labels = {
  'org.opencontainers.image.source': 'https://git.example/shop',
  'org.opencontainers.image.revision': 'abc',
  other: 'x',
};
const origin = { source: 'https://git.example/shop', revision: 'abc' };

describe('labels of images', () => {
  it('say where the source is', () => {
    expect([originOf(labels), originOf({})]).to.deep.equal([origin, {}]);
  });

  it('are read from the databases of runtimes by the ids of containers', () => {
    const id = 'a'.repeat(64);
    const database = metadataFile([{ id, labels }, { id: 'plain' }]);
    expect([...containerdOrigins(database)]).to.deep.equal([[id, origin]]);
    const kept = Buffer.from(JSON.stringify({ ID: id, Config: { Labels: labels } }));
    expect([...dockerOrigin(kept)]).to.deep.equal([[id, origin]]);
  });

  it('are none in what is torn or something else', () => {
    const database = metadataFile([{ id: 'a'.repeat(64), labels }]);
    expect([...containerdOrigins(database.subarray(0, 5000))]).to.deep.equal([]);
    expect([...containerdOrigins(Buffer.from('no database'))]).to.deep.equal([]);
    expect([...dockerOrigin(Buffer.from('{}'))]).to.deep.equal([]);
  });
});
