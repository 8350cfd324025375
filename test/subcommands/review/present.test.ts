import { loadAll } from 'js-yaml';
import { expect } from 'chai';
import { printReview, type Review, type ReviewItem } from '../../../src/subcommands/review/present.ts';
import { memoryIo } from '../../support/memory-io.ts';

const manifest = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'prod', labels: { a: 'yes\u001b[2J' } },
};
const item: ReviewItem = {
  ...{ control: 'pod-security', title: 'pod security', workload: 'prod/deployment/shop', state: 'missing' },
  ...{ seen: 'enforces nothing', used: ['runtime-socket'], manifest, check: 'accepted' },
  task: { id: 3, owner: 'jane', due: '2026-12-01T00:00:00.000Z' },
};
const review: Review = {
  items: [
    item,
    { ...item, control: 'host-paths', title: 'no directory of the node', byHand: 'look\nhere' },
    { ...item, control: 'limits', manifest: undefined, byHand: 'in its manifest' } as unknown as ReviewItem,
    { ...item, control: 'audit', state: 'in place', manifest: undefined } as unknown as ReviewItem,
  ],
  live: [],
  unseen: [],
};

async function printed(output?: string, manifests = false): Promise<string> {
  const io = memoryIo();
  await printReview(io, '/case', review, { output, manifests });
  return io.out();
}

describe('printReview', () => {
  it('shows what is missing with what the incident used, the check and the task, then the manifests', async () => {
    const out = await printed();
    expect(out).to.match(/^CONTROL +STATE +WORKLOAD +SEEN +USED BY +CHECK +TASK\n/);
    expect(out).to.match(
      /^pod-security +missing +prod\/deployment\/shop .* runtime-socket +accepted +3 jane 2026-12-01T00:00:00.000Z$/m,
    );
    expect(out).to.contain('\n3 missing, 0 not looked at, 1 in place, 0 not meant\n');
    expect(out).not.to.match(/^audit/m);
    expect(await printed('wide')).to.match(/^audit +in place/m);
  });

  it('prints manifests that parse as they are, each object once, with what it is for as comments', async () => {
    const out = await printed(undefined, true);
    expect(loadAll(out)).to.deep.equal([manifest]);
    expect(out).not.to.contain('\u001b');
    expect(out.split('\n').filter((line) => line.startsWith('#'))).to.have.length(5);
  });

  it('prints names', async () => {
    expect((await printed('name')).split('\n')[0]).to.equal('control/pod-security/prod/deployment/shop');
  });
});
