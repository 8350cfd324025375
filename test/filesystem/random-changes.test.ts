import { expect } from 'chai';
import { localNode } from '../collector/local-node.ts';
import type { LocalNode } from '../collector/local-node.ts';
import { amountOf } from '../support/amounts.ts';
import { expectedChanges } from './oracle.ts';
import { canMountOverlay, overlayLab } from './overlay-lab.ts';
import { randomChanges } from './random-changes.ts';
import { asLines, comparable, diffOf } from './walked.ts';

/** As most kernels have it, and as some set it. */
const options = ['index=off', 'index=off,redirect_dir=on,metacopy=on'] as const;

describe('random sequences of operations in a container, against a full walk of both trees', function () {
  this.timeout(7_200_000);
  let node: LocalNode;
  before(() => {
    if (!canMountOverlay()) throw new Error('run this as root on a kernel with overlay file systems');
    node = localNode('/.');
  });
  after(() => {
    node.remove();
  });

  const sequences = amountOf('sequences');
  it(`${sequences} of them`, async () => {
    for (let seed = 1; seed <= sequences; seed += 1) {
      const { image, changes } = randomChanges(seed);
      const lab = await overlayLab([image], options[seed % 2]);
      try {
        lab.run(changes);
        const walked = await diffOf(node, lab);
        expect(walked.blind, `seed ${seed}`).to.deep.equal([]);
        expect(asLines(walked), `seed ${seed}`).to.deep.equal(
          comparable(expectedChanges(lab.image, lab.container)),
        );
      } finally {
        await lab.remove();
      }
    }
  });
});
