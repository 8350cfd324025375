import { expect } from 'chai';
import { localNode } from '../collector/local-node.ts';
import type { LocalNode } from '../collector/local-node.ts';
import { amountOf } from '../support/amounts.ts';
import { measured } from '../support/figures.ts';
import { canMountOverlay, overlayLab, type OverlayLab } from './overlay-lab.ts';
import { diffOf } from './walked.ts';

const small = 5_000;
const filesOfDirectory = 1_000;
const runs = 5;

describe('an image with very many files', function () {
  this.timeout(1_800_000);
  let node: LocalNode;
  before(() => {
    if (!canMountOverlay()) throw new Error('run this as root on a kernel with overlay file systems');
    node = localNode('/.');
  });
  after(() => {
    node.remove();
  });

  const files = amountOf('imageFiles');
  it(`of ${files} files takes no longer to compare than one of ${small}`, async () => {
    const labs = [await imageOf(small), await imageOf(files)] as const;
    let [few, many] = [Infinity, Infinity];
    try {
      // In turn, so that what else the machine does is beside both.
      for (let run = 0; run < runs; run += 1) {
        few = Math.min(few, await secondsOf(labs[0]));
        many = Math.min(many, await secondsOf(labs[1]));
      }
    } finally {
      for (const lab of labs) await lab.remove();
    }
    const what = `diff of 200 changes in an image of ${files.toLocaleString('en')} files, on one machine`;
    await measured(
      what,
      `${many.toFixed(2)} s; with ${small.toLocaleString('en')} files ${few.toFixed(2)} s`,
    );
    expect(many).to.be.lessThan(2 * few);
  });

  async function secondsOf(lab: OverlayLab): Promise<number> {
    const started = performance.now();
    const { blind, changes } = await diffOf(node, lab);
    const seconds = (performance.now() - started) / 1000;
    expect(blind).to.deep.equal([]);
    expect(changes.filter(({ path }) => path.startsWith('/d1/'))).to.have.length(200);
    return seconds;
  }
});

/** A container of an image of so many files, of which it changed 200. */
async function imageOf(files: number): Promise<OverlayLab> {
  const directories = files / filesOfDirectory;
  const lab = await overlayLab([
    `for d in $(seq ${directories}); do mkdir d$d; (cd d$d && seq ${filesOfDirectory} | xargs touch); done`,
  ]);
  lab.run('for f in $(seq 200); do echo 1 >d1/$f; done');
  return lab;
}
