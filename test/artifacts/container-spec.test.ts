import { expect } from 'chai';
import { parseContainerSpec } from '../../src/artifacts/container-spec.ts';

describe('a record of a container specification', () => {
  it('tells mounts and annotations', () => {
    const spec = {
      mounts: [
        { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid'] },
        { destination: '/data', type: 'none', source: '/var/lib/v', options: ['rbind', 'ro'] },
        { destination: 'relative' },
        7,
      ],
      annotations: { a: 'b', c: 1 },
    };
    expect(parseContainerSpec(Buffer.from(JSON.stringify(spec)))).to.deep.equal({
      mounts: [
        { destination: '/proc', type: 'proc', source: 'proc', readOnly: false },
        { destination: '/data', type: 'bind', source: '/var/lib/v', readOnly: true },
      ],
      annotations: { a: 'b' },
    });
  });

  it('is empty where it can not be read', () => {
    for (const text of ['', '[]', '{"mounts":{}}', '{"mounts":['])
      expect(parseContainerSpec(Buffer.from(text))).to.deep.equal({ mounts: [], annotations: {} });
  });
});
