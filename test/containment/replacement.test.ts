import { expect } from 'chai';
import { awaitReplacement, isReady, podsOf } from '../../src/containment/replacement.ts';
import { isKnownOwner, type KnownOwner } from '../../src/containment/facts/owner.ts';
import { aPod } from '../fake-api/builders.ts';
import { ContainmentLab } from './containment-lab.ts';
import { shopPod, shopSubject } from './subjects.ts';

function ownerOf(): KnownOwner {
  const { owner } = shopSubject();
  if (!isKnownOwner(owner)) throw new Error('no owner');
  return owner;
}

describe('awaitReplacement', () => {
  const { signal } = new AbortController();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  it('finds the ready pod that was not there before', async () => {
    const known = await podsOf(lab.api, { ...ownerOf(), namespace: 'default' }, signal);
    expect(known).to.have.length(1);
    const fresh = shopPod();
    lab.fake.put({ ...fresh, metadata: { ...fresh.metadata, name: 'shop-1-y', uid: 'other' } });
    const options = { owner: ownerOf(), known, timeoutMs: 1000, signal };
    expect((await awaitReplacement(lab.api, lab.io, shopSubject(), options))?.name).to.equal('shop-1-y');
  });

  it('gives up after its time', async () => {
    const options = { owner: ownerOf(), known: [], timeoutMs: 1000, signal };
    expect(await awaitReplacement(lab.api, lab.io, shopSubject(), options)).to.equal(undefined);
  });

  it('takes the Ready condition', () => {
    expect(isReady(aPod('web'))).to.equal(true);
    expect(isReady({ ...aPod('web'), status: {} })).to.equal(false);
  });
});
