import { expect } from 'chai';
import { changePod } from '../../src/containment/relabel.ts';
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
});
