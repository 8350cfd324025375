import { expect } from 'chai';
import { allows } from '../../src/cluster/rules-review.ts';

describe('allows', () => {
  const rule = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };
  const right = { verb: 'get', resource: 'pods', namespace: 'prod' };

  it('takes verb, group and resource as they are, or a star', () => {
    expect(allows(rule, right)).to.equal(true);
    expect(allows(rule, { ...right, verb: 'list' })).to.equal(false);
    expect(allows(rule, { ...right, group: 'apps' })).to.equal(false);
    expect(allows(rule, { ...right, resource: 'nodes' })).to.equal(false);
    const stars = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
    expect(allows(stars, { verb: 'delete', group: 'apps', resource: 'deployments' })).to.equal(true);
    expect(allows(stars, { ...right, subresource: 'exec' })).to.equal(true);
  });

  it('takes a subresource for one of its own', () => {
    const exec = { ...right, subresource: 'exec' };
    expect(allows(rule, exec)).to.equal(false);
    expect(allows({ ...rule, resources: ['pods/exec'] }, exec)).to.equal(true);
    expect(allows({ ...rule, resources: ['pods/exec'] }, right)).to.equal(false);
    expect(allows({ ...rule, resources: ['*/exec'] }, exec)).to.equal(true);
    expect(allows({ ...rule, resources: ['*/exec'] }, right)).to.equal(false);
  });

  it('gives a name only what is for all names or for that one', () => {
    const named = { ...rule, resourceNames: ['web'] };
    expect(allows(named, right)).to.equal(false);
    expect(allows(named, { ...right, name: 'web' })).to.equal(true);
    expect(allows(named, { ...right, name: 'other' })).to.equal(false);
    expect(allows(rule, { ...right, name: 'web' })).to.equal(true);
  });

  it('makes nothing of a rule without parts', () => {
    expect(allows({}, right)).to.equal(false);
    expect(allows({ verbs: null, apiGroups: null, resources: null }, right)).to.equal(false);
  });
});
