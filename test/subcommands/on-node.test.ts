import { expect } from 'chai';
import type { CameTo, Lend } from '../../src/collector/lent.ts';
import { InterruptedError, OperationError, PartialError } from '../../src/output/errors.ts';
import { createProgress } from '../../src/output/progress.ts';
import { onNodeOrByApi } from '../../src/subcommands/on-node.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

const left = new PartialError('the pod is not gone', { advice: 'kubectl ir cleanup' });
const stuck: Lend<string> = async (use) => {
  await use('it');
  throw left;
};
const whole: Lend<string> = (use) => use('it');
const none: Lend<string> = () => Promise.reject(new OperationError('no node', { advice: 'find one' }));

describe('onNodeOrByApi', () => {
  const run = async (
    lend: Lend<string>,
    signal = new AbortController().signal,
    onNode = (lent: string): Promise<string> => Promise.resolve(lent),
  ): Promise<{ came: CameTo<string>; err: string }> => {
    const io = memoryIo();
    const byApi = (why: string): Promise<string> => Promise.resolve(`by API: ${why}`);
    const came = await onNodeOrByApi({ io, global: {}, signal }, createProgress(io), 'node-a', lend, {
      onNode,
      byApi,
    });
    return { came, err: io.err() };
  };

  it('works on the node, and says so', async () => {
    const { came, err } = await run(stuck);
    expect(came).to.deep.equal({ result: 'it', left });
    expect(err).to.match(/^ {3}done {3}collector .*on node-a\n$/);
  });

  it('goes on by the API where nothing is lent, and says why and what to do once', async () => {
    const { came, err } = await run(none);
    expect(came).to.deep.equal({ result: 'by API: no node' });
    expect(err).to.match(/^ {3}fail {3}collector .*no node; going on by the API alone\nwarning: find one\n$/);
  });

  it('never goes on by the API after the node was reached, an interrupt or a bug', async () => {
    const broken = new OperationError('the stream broke');
    expect(await failureOf(run(whole, undefined, () => Promise.reject(broken)))).to.equal(broken);
    const controller = new AbortController();
    const stopped = new InterruptedError('stopped by SIGINT');
    controller.abort(stopped);
    expect(await failureOf(run(() => Promise.reject(stopped), controller.signal))).to.equal(stopped);
    expect(await failureOf(run(() => Promise.reject(new TypeError('a bug'))))).to.be.instanceOf(TypeError);
  });
});
