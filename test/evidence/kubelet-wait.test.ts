import { expect } from 'chai';
import { KubeletWait } from '../../src/evidence/kubelet-wait.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('waiting for a kubelet', () => {
  const io = memoryIo();
  let wait: KubeletWait;
  beforeEach(() => {
    wait = new KubeletWait(io);
  });
  const miss = async (ms: number): Promise<void> => {
    const question = async (): Promise<never> => {
      await io.sleep(ms);
      throw new Error(`after ${ms}`);
    };
    const error = await failureOf(wait.ask(question, (cause) => `said: ${(cause as Error).message}`));
    expect(error.message).to.equal(`after ${ms}`);
  };

  it('is over after two calls that were given up, and says why', async () => {
    await miss(30_000);
    expect(wait.over).to.equal(undefined);
    await miss(30_001);
    expect(wait.over).to.equal('not asked: the kubelet was waited for 60 s in vain; said: after 30001');
  });

  it('begins anew with each answer', async () => {
    await miss(30_000);
    expect(await wait.ask(() => Promise.resolve('answer'), String)).to.equal('answer');
    await miss(30_000);
    expect(wait.over).to.equal(undefined);
  });

  it('is never over where refusals come at once', async () => {
    for (let time = 0; time < 1000; time += 1) await miss(1);
    expect(wait.over).to.equal(undefined);
  });
});
