import { expect } from 'chai';
import { lanesOf } from '../../scripts/lanes.ts';
import { expand } from '../../scripts/files.ts';

describe('lanes', () => {
  it('run every end-to-end test once, and the proof of isolation also where no policy is enforced', async () => {
    const files = [...(await expand(['test/e2e/*.test.ts'])), 'test/e2e/new.test.ts'];
    const stages = lanesOf(files).flatMap((lane) => lane.stages);
    const run = stages.filter(({ policy }) => policy !== undefined).flatMap(({ tests }) => tests);
    const wanted = [...files.map((path) => path.slice(5, -8)), 'e2e/isolation-proof'];
    expect(run.sort()).to.deep.equal(wanted.sort());
    const proofs = stages.filter(({ tests }) => tests.includes('e2e/isolation-proof'));
    expect(proofs.map(({ policy }) => policy)).to.have.members(['enforce', 'none']);
  });

  it('have one that is the machine itself, on which one cluster can be', () => {
    expect(lanesOf([]).filter(({ boxed }) => !boxed)).to.have.length(1);
  });

  it('name tests that are there', async () => {
    const there = await expand(['test/{cluster,e2e}/*.test.ts']);
    const named = lanesOf(await expand(['test/e2e/*.test.ts'])).flatMap((lane) => lane.stages);
    for (const name of named.flatMap(({ tests }) => tests)) expect(there).to.include(`test/${name}.test.ts`);
  });
});
