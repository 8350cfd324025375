import { expect } from 'chai';
import { managedEntries, mostOwned } from '../../../src/incident/change/managed-fields.ts';

describe('managedEntries', () => {
  it('reads who says he set which fields, the latest first', () => {
    const fieldsV1 = {
      'f:spec': {
        'f:template': {
          'f:spec': { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {} } } },
        },
      },
      'f:metadata': { 'f:labels': { 'f:a/b': {} }, 'f:finalizers': { 'v:"x"': {} } },
    };
    const entries = managedEntries({
      metadata: {
        managedFields: [
          { manager: 'first', operation: 'Apply', time: '2026-11-22T04:00:00Z', fieldsV1: {} },
          { manager: 'k\u001b[2J', operation: 'Update', time: '2026-11-22T05:00:00+00:00', fieldsV1 },
        ],
      },
    });
    expect(entries.map(({ manager, time }) => [manager, time])).to.deep.equal([
      ['k\u001b[2J', '2026-11-22T05:00:00Z'],
      ['first', '2026-11-22T04:00:00Z'],
    ]);
    expect(entries[0]?.fields).to.deep.equal([
      'spec.template.spec.containers[web].image',
      'metadata.labels["a/b"]',
      'metadata.finalizers["x"]',
    ]);
  });

  it('takes what is no entry for nothing, and stays bounded', () => {
    expect(managedEntries({})).to.deep.equal([]);
    expect(managedEntries({ metadata: { managedFields: [1, null, {}, { time: 'now' }] } })).to.deep.equal([]);
    let fieldsV1: object = {};
    for (let level = 0; level < 5000; level += 1) fieldsV1 = { 'f:a': fieldsV1, 'k:{"name":': {} };
    const [deep] = managedEntries({
      metadata: { managedFields: [{ time: '2026-11-22T04:00:00Z', fieldsV1 }] },
    });
    expect(deep?.fields.length).to.be.at.most(mostOwned);
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`f:${index}`, {}]));
    const [entry] = managedEntries({
      metadata: { managedFields: [{ time: '2026-11-22T04:00:00Z', fieldsV1: wide }] },
    });
    expect(entry?.fields).to.have.length(mostOwned);
  });
});
