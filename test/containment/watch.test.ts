import { expect } from 'chai';
import type { Acting } from '../../src/containment/acting.ts';
import type { IsolateOptions } from '../../src/containment/begin.ts';
import type { Isolation } from '../../src/containment/isolation.ts';
import type { Proof, Proven } from '../../src/containment/proof.ts';
import { watch } from '../../src/containment/watch.ts';
import { InterruptedError } from '../../src/output/errors.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('watch', () => {
  const none = { checks: [], reasons: [], gaps: [], leaks: [] };
  const leak = { flow: 'tcp out', passed: true } as unknown as Proven['leaks'][number];

  it('tells the first verdict and each change, of the second layer too, and keeps each change in the case', async () => {
    const controller = new AbortController();
    const answers: readonly Proven[] = [
      { ...none, verdict: 'HOLDS' },
      { ...none, verdict: 'LEAKS', leaks: [{ ...leak, passed: false }] },
      { ...none, verdict: 'LEAKS', leaks: [leak] },
      { ...none, verdict: 'LEAKS', leaks: [leak] },
      { ...none, verdict: 'HOLDS' },
    ];
    let asked = 0;
    const judge = (): Promise<Proven> => {
      const answer = answers[asked];
      asked += 1;
      if (answer !== undefined) return Promise.resolve(answer);
      controller.abort(new InterruptedError('stopped by SIGINT'));
      return Promise.reject(controller.signal.reason as Error);
    };
    const kept: string[] = [];
    const told: string[] = [];
    const dated: string[] = [];
    const acting = {
      custody: (result: string) => Promise.resolve(kept.push(result)),
      keep: (verdict: string) => Promise.resolve(void dated.push(verdict)),
    };
    const first = { clock: {}, verification: { verdict: 'HOLDS' }, leaks: [] } as unknown as Isolation;
    const error = await watch(memoryIo(), acting as unknown as Acting, { judge } as unknown as Proof, {
      isolation: first,
      standing: { cut: 'nft full', inside: true },
      options: {
        started: 0,
        signal: controller.signal,
        watch: ({ verification }: Isolation) => Promise.resolve(void told.push(verification.verdict)),
      } as unknown as IsolateOptions,
    }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(InterruptedError);
    expect(told).to.deep.equal(['HOLDS', 'LEAKS', 'LEAKS', 'HOLDS']);
    expect(kept).to.deep.equal(['LEAKS', 'LEAKS', 'HOLDS']);
    expect(dated).to.deep.equal(['HOLDS', 'LEAKS', 'LEAKS', 'LEAKS', 'HOLDS']);
  });
});
