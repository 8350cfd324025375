import { expect } from 'chai';
import { change, objectKey, objectText } from '../../../src/incident/change/change.ts';

describe('objectKey', () => {
  it('is that of the object, whatever the version of its API', () => {
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'prod', name: 'web' };
    expect(objectKey({ ...web, apiVersion: 'apps/v1beta1' })).to.equal(objectKey(web));
    for (const other of [{ namespace: 'dev' }, { name: 'w' }, { kind: 'DaemonSet' }, { apiVersion: 'v1' }])
      expect(objectKey({ ...web, ...other })).to.not.equal(objectKey(web));
    // No name of an object can be made to look like two parts.
    expect(objectKey({ ...web, namespace: 'a","b', name: 'c' })).to.not.equal(
      objectKey({ ...web, namespace: 'a', name: 'b","c' }),
    );
    expect(objectText(web)).to.equal('deployment/web');
    const made = change({ time: '', source: 'object', object: web, action: 'created', what: '' });
    expect([made.fields, made.consequence]).to.deep.equal([[], false]);
  });
});
