import { expect } from 'chai';
import type { EndpointSlice } from '../../../src/cluster/objects.ts';
import { readyEndpoints } from '../../../src/containment/facts/endpoints.ts';

const slice = (service: string, endpoints: NonNullable<EndpointSlice['endpoints']>): EndpointSlice => ({
  addressType: 'IPv4',
  metadata: { labels: { 'kubernetes.io/service-name': service } },
  endpoints,
});

describe('readyEndpoints', () => {
  it('counts each pod once over all slices of the Service, this one apart', () => {
    const both = [
      { addresses: ['10.0.0.1'], targetRef: { uid: 'me' }, conditions: { ready: true } },
      { addresses: ['10.0.0.2'], targetRef: { uid: 'other' } },
    ];
    const slices = [
      slice('shop', both),
      slice('shop', [...both, { addresses: ['10.0.0.3'], conditions: { ready: false } }]),
      slice('web', [{ addresses: ['10.0.0.4'] }]),
    ];
    expect(readyEndpoints('shop', slices, { uid: 'me' })).to.deep.equal({ here: true, elsewhere: 1 });
    expect(readyEndpoints('web', slices, { uid: 'me' })).to.deep.equal({ here: false, elsewhere: 1 });
    expect(readyEndpoints('none', slices, { uid: 'me' })).to.deep.equal({ here: false, elsewhere: 0 });
  });
});
