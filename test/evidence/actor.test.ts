import { hostname } from 'node:os';
import { expect } from 'chai';
import { localActor } from '../../src/evidence/actor.ts';

describe('localActor', () => {
  it('names user and host, and no identity at the API server', () => {
    expect(localActor()).to.include({ api: '', host: hostname() });
    expect(localActor().user).to.not.equal('');
  });
});
