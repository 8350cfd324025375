import { expect } from 'chai';
import fc from 'fast-check';
import { objectPath, resourceOfKind, resourcePath } from '../../src/cluster/path.ts';
import { ApiError } from '../../src/output/errors.ts';
import { parseAddress } from '../fake-api/address.ts';

describe('resourcePath', () => {
  const cases = [
    [{ version: 'v1', resource: 'nodes' }, '/api/v1/nodes'],
    [{ version: 'v1', namespace: 'a', resource: 'pods', name: 'b' }, '/api/v1/namespaces/a/pods/b'],
    [
      {
        group: 'apps',
        version: 'v1',
        namespace: 'a',
        resource: 'deployments',
        name: 'd',
        subresource: 'scale',
      },
      '/apis/apps/v1/namespaces/a/deployments/d/scale',
    ],
  ] as const;
  for (const [address, path] of cases) {
    it(path, () => {
      expect(resourcePath(address)).to.equal(path);
    });
  }

  it('keeps any hostile name inside its segment', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (name) => {
        fc.pre(name !== '.' && name !== '..');
        const path = resourcePath({ version: 'v1', namespace: 'n', resource: 'pods', name });
        expect(parseAddress(new URL(path, 'http://x').pathname)).to.include({ resource: 'pods', name });
      }),
    );
  });

  it('takes what no encoding makes safe for the name of nothing', () => {
    for (const name of ['.', '..']) {
      const path = (): string => resourcePath({ version: 'v1', resource: 'pods', name });
      expect(path).to.throw(ApiError, 'can be called').with.property('reason', 'NotFound');
    }
    expect(() => resourcePath({ version: 'v1', resource: 'pods', name: '' })).to.throw('empty segment');
  });
});

describe('objectPath', () => {
  it('splits the API version', () => {
    const ref = { apiVersion: 'policy/v1', resource: 'poddisruptionbudgets', namespace: 'n', name: 'x' };
    expect(objectPath(ref, 'status')).to.equal('/apis/policy/v1/namespaces/n/poddisruptionbudgets/x/status');
  });
});

describe('resourceOfKind', () => {
  const cases = {
    Pod: 'pods',
    NetworkPolicy: 'networkpolicies',
    Ingress: 'ingresses',
    Endpoints: 'endpoints',
    ValidatingAdmissionPolicyBinding: 'validatingadmissionpolicybindings',
  };
  for (const [kind, resource] of Object.entries(cases)) {
    it(`${kind} is ${resource}`, () => {
      expect(resourceOfKind(kind)).to.equal(resource);
    });
  }
});
