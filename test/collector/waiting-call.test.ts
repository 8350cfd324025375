import { expect } from 'chai';
import type { CallOptions, Collector } from '../../src/collector/collector.ts';
import { openAhead } from '../../src/collector/waiting-call.ts';
import { OperationError } from '../../src/output/errors.ts';
import { failureOf } from '../support/failure.ts';

describe('openAhead', () => {
  const { signal } = new AbortController();
  const script = { name: 'test', text: '' };
  const done = { exitCode: 0, stdout: Buffer.alloc(0), stderr: '' };
  /** Answers with its input when that came, and keeps the options that it was called with. */
  function calls(seen: CallOptions[]): Collector['call'] {
    return async (_script, _args, options) => {
      seen.push(options);
      return { ...done, stdout: Buffer.from((await options.input) ?? []) };
    };
  }

  it('opens at once, and runs with the input that it is given', async () => {
    const seen: CallOptions[] = [];
    const waiting = openAhead(calls(seen), script, ['a'], 99);
    expect(seen.map(({ limit }) => limit)).to.deep.equal([99]);
    expect((await waiting.run(Buffer.from('in'), signal)).stdout.toString()).to.equal('in');
    waiting.cancel();
    expect([seen.length, seen[0]?.signal.aborted]).to.deep.equal([1, false]);
  });

  it('is given up without a trace', async () => {
    const seen: CallOptions[] = [];
    openAhead(calls(seen), script, []).cancel();
    await new Promise(setImmediate);
    expect(seen[0]?.signal.aborted).to.equal(true);
  });

  it('runs anew when what was opened broke before it had its input', async () => {
    let opened = 0;
    const call: Collector['call'] = (_script, _args, { input }) => {
      opened += 1;
      return input instanceof Promise ? Promise.reject(new OperationError('broke')) : Promise.resolve(done);
    };
    const waiting = openAhead(call, script, []);
    await new Promise(setImmediate);
    expect(await waiting.run(Buffer.from('in'), signal)).to.equal(done);
    expect(opened).to.equal(2);
  });

  it('ends with the signal of who runs it', async () => {
    const endless: Collector['call'] = (_script, _args, options) =>
      new Promise((_, reject) => {
        options.signal.addEventListener('abort', () => reject(options.signal.reason as Error));
      });
    for (const early of [true, false]) {
      const stop = new AbortController();
      if (early) stop.abort(new OperationError('stopped'));
      const running = openAhead(endless, script, []).run(Buffer.from('in'), stop.signal);
      stop.abort(new OperationError('stopped'));
      expect((await failureOf(running)).message).to.equal('stopped');
    }
  });
});
