import { expect } from 'chai';
import type { JsonObject } from '../../../../src/artifacts/json.ts';
import { readIdentity } from '../../../../src/incident/report/read/identity.ts';

describe('readIdentity', () => {
  const objects = new Map<string, JsonObject>([
    ['pods/web', { metadata: { namespace: 'prod', name: 'web' }, spec: { serviceAccountName: 'shop' } }],
    ['related', { bindings: [{ kind: 'RoleBinding', name: 'b', role: 'Role/r' }], services: ['web', 1] }],
    [
      'roles/r',
      {
        rules: [
          {
            verbs: ['get', 'list'],
            apiGroups: ['', 'apps'],
            resources: ['deployments'],
            resourceNames: ['web'],
          },
          { verbs: ['get'], nonResourceURLs: ['/metrics'] },
        ],
      },
    ],
  ]);

  it('has what the account of a pod is bound to and may do', () => {
    expect(readIdentity(objects, 'ir-1')).to.deep.include({
      account: 'prod/shop',
      pod: 'prod/web',
      bindings: [{ binding: 'RoleBinding/b', role: 'Role/r' }],
      services: ['web'],
    });
    expect(readIdentity(objects, 'ir-1')?.rules.items).to.deep.equal([
      'get,list deployments of apps named web',
      'get /metrics',
    ]);
  });

  it('is none without the pod or what is related to it', () => {
    expect(readIdentity(new Map([...objects].slice(0, 1)), 'ir-1')).to.equal(undefined);
    expect(readIdentity(new Map([...objects].slice(1)), 'ir-1')).to.equal(undefined);
  });
});
