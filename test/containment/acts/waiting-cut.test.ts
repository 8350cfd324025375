import { expect } from 'chai';
import { waitingCut } from '../../../src/containment/acts/waiting-cut.ts';
import type { CallOptions, Collector } from '../../../src/collector/collector.ts';
import { lookAtNode } from '../../../src/containment/node-look.ts';
import type { NodeSide } from '../../../src/containment/acts/act.ts';
import { OperationError } from '../../../src/output/errors.ts';
import { fakeNode, ordinaryLink } from '../fake-node.ts';
import { shopSubject } from '../subjects.ts';

const { signal } = new AbortController();

describe('waitingCut', () => {
  const { collector } = fakeNode(['nft'], ({ script }) =>
    script === 'pod-link' ? { stdout: ordinaryLink } : { stdout: Buffer.from('took 7\n') },
  );
  const lookWith = async (call: Collector['call'], tools: readonly string[] = ['nft']): Promise<NodeSide> => {
    const node = await lookAtNode(collector, shopSubject(), signal);
    return {
      ...node,
      level: tools.length === 0 ? 'busybox bridge' : node.level,
      collector: { ...collector, call },
    };
  };

  it('is opened at once, sends its rules at the word, and tells what the node took', async () => {
    const seen: CallOptions[] = [];
    let sent = false;
    const node = await lookWith((script, args, options) => {
      seen.push(options);
      void Promise.resolve(options.input).then(() => (sent = true));
      return collector.call(script, args, options);
    });
    const waiting = waitingCut(node);
    await new Promise(setImmediate);
    expect([seen.length, sent]).to.deep.equal([1, false]);
    expect(await waiting?.place(signal)).to.equal(0.007);
    expect([seen.length, sent]).to.deep.equal([1, true]);
  });

  it('is given up with its exec, but not once it was placed', async () => {
    const signals: AbortSignal[] = [];
    const node = await lookWith((script, args, options) => {
      signals.push(options.signal);
      return collector.call(script, args, options);
    });
    waitingCut(node)?.cancel();
    const placed = waitingCut(node);
    await placed?.place(signal);
    placed?.cancel();
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true, false]);
  });

  it('is placed by a new exec when the first broke before the word, and fails when it breaks after', async () => {
    let calls = 0;
    const breaking = await lookWith((script, args, options) => {
      calls += 1;
      if (!(options.input instanceof Promise)) return collector.call(script, args, options);
      return Promise.reject(new OperationError('broke'));
    });
    const early = waitingCut(breaking);
    await new Promise(setImmediate);
    expect([await early?.place(signal), calls]).to.deep.equal([0.007, 2]);
    const node = await lookWith(async (_script, _args, { input }) => {
      await input;
      throw new OperationError('broke late');
    });
    const late: unknown = await waitingCut(node)
      ?.place(signal)
      .catch((error: unknown) => error);
    expect((late as Error).message).to.equal('broke late');
  });

  it('ends with the act that it is part of', async () => {
    const act = new AbortController();
    const node = await lookWith(
      (_script, _args, options) =>
        new Promise((_, reject) => {
          options.signal.addEventListener('abort', () => reject(options.signal.reason as Error));
        }),
    );
    const placing = waitingCut(node)?.place(act.signal);
    act.abort(new OperationError('took too long'));
    expect(((await placing?.catch((error: unknown) => error)) as Error).message).to.equal('took too long');
  });

  it('is none where rules of routing cut', async () => {
    expect(waitingCut(await lookWith((...all) => collector.call(...all), []))).to.equal(undefined);
  });
});
