import { expect } from 'chai';
import { resourceOfKind } from '../../../src/cluster/path.ts';
import { auditedKind } from '../../../src/incident/change/audited-kinds.ts';

describe('auditedKind', () => {
  it('names what holds configuration, and nothing else', () => {
    for (const resource of ['networkpolicies', 'clusterrolebindings', 'pods', 'ingresses', 'deployments'])
      expect(resourceOfKind(auditedKind(resource)?.kind ?? '')).to.equal(resource);
    for (const resource of ['leases', 'events', 'replicasets', 'constructor', ''])
      expect(auditedKind(resource)).to.equal(undefined);
  });
});
