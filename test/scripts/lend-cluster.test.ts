import { expect } from 'chai';
import { lendCluster } from '../../scripts/lend-cluster.ts';
import { failureOf } from '../support/failure.ts';

describe('lendCluster', () => {
  const lender = (starts: boolean, said: string[]) => ({
    start: () => Promise.resolve(starts),
    end: () => {
      said.push('ended');
      return Promise.resolve(true);
    },
  });

  it('gives what came of it, and ends the cluster', async () => {
    const said: string[] = [];
    const done = await lendCluster(lender(true, said), () => Promise.resolve(said.push('used')));
    expect([done, said]).to.deep.equal([{ result: 1, ended: true }, ['used', 'ended']]);
  });

  it('ends what did not start, and what failed', async () => {
    const said: string[] = [];
    const never = (): Promise<never> => Promise.reject(new Error('no luck'));
    expect(await lendCluster(lender(false, said), never)).to.deep.equal({ ended: true });
    expect((await failureOf(lendCluster(lender(true, said), never))).message).to.equal('no luck');
    expect((await failureOf(lendCluster({ ...lender(true, said), start: never }, never))).message).to.equal(
      'no luck',
    );
    expect(said).to.deep.equal(['ended', 'ended', 'ended']);
  });
});
