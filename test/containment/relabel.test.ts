import { expect } from 'chai';
import { changePod, identityOf } from '../../src/containment/relabel.ts';
import { failure } from '../fake-api/answer.ts';
import { failureOf } from '../support/failure.ts';
import { ContainmentLab } from './containment-lab.ts';
import { shopSubject } from './subjects.ts';

describe('changePod', () => {
  const { signal } = new AbortController();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  it('sets and removes labels and nothing else', async () => {
    await changePod(lab.api, shopSubject(), { labels: { app: null, new: 'x' } }, { signal });
    expect(lab.livePod().metadata.labels).to.deep.equal({ 'pod-template-hash': '1', tier: 'web', new: 'x' });
    expect(lab.fake.requests.at(-1)).to.have.nested.property('body.metadata.uid', lab.uid);
  });

  it('changes what it expects to find, over the writes of others, and nothing else', async () => {
    let conflicts = 0;
    lab.fake.intercept(({ method }) => {
      if (method !== 'PATCH' || conflicts === 2) return undefined;
      conflicts += 1;
      return failure(409, 'Conflict', 'the object has been modified');
    });
    const expected = { labels: { app: ['shop', null], none: [null] }, annotations: { x: [null] } };
    const change = { labels: { app: null }, annotations: { x: 'y' } };
    await changePod(lab.api, shopSubject(), change, { expected, signal });
    expect(conflicts).to.equal(2);
    expect(lab.livePod().metadata.labels).not.to.have.property('app');
    const again = changePod(lab.api, shopSubject(), change, { expected, signal });
    expect((await failureOf(again)).message).to.equal(
      'annotation x of pod "shop-1-x" is y, not absent: somebody changed it',
    );
  });

  it('touches no other pod of the name, and gives up on one that is written all the time', async () => {
    const stranger = { ...shopSubject(), uid: '00000000-0000-4000-8000-000000000009' };
    const expected = { labels: {} };
    expect((await failureOf(changePod(lab.api, stranger, {}, { expected, signal }))).message).to.equal(
      'pod "shop-1-x" is another one by now',
    );
    lab.fake.intercept(({ method }) =>
      method === 'PATCH' ? failure(409, 'Conflict', 'the object has been modified') : undefined,
    );
    const never = changePod(lab.api, shopSubject(), {}, { expected, signal });
    expect((await failureOf(never)).message).to.match(/has been modified/);
  });

  it('names a pod by a uid of the usual form', () => {
    expect(identityOf(lab.pod)).to.deep.equal({ namespace: 'default', name: 'shop-1-x', uid: lab.uid });
    expect(() => identityOf({ metadata: { uid: '../x' } })).to.throw('no uid of the usual form');
  });
});
