import { expect } from 'chai';
import { foreignProgramInContainer } from '../../../src/findings/rules/foreign-program-in-container.ts';
import { diffOf, seenBy } from '../traces-lab.ts';

describe('rule foreign-program-in-container', () => {
  it('finds what the image has not', () => {
    expect(
      seenBy(foreignProgramInContainer, {
        'live_response/pod-diff.json': diffOf(
          [],
          [{ pid: 5, name: 'x\u001b[2J', executable: '/memfd:x', reason: 'memfd' }],
        ),
      }),
    ).to.deep.equal(['high: x\\x1b[2J runs a file that was only ever in memory']);
  });
  it('leaves a container alone that runs its image', () => {
    expect(seenBy(foreignProgramInContainer)).to.deep.equal([]);
  });
});
