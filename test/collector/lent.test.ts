import { expect } from 'chai';
import { type Lend, workWith } from '../../src/collector/lent.ts';
import { OperationError, PartialError } from '../../src/output/errors.ts';
import { failureOf } from '../support/failure.ts';

const left = new PartialError('the pod is not gone', { advice: 'kubectl ir cleanup' });
const stuck: Lend<string> = async (use) => {
  await use('it');
  throw left;
};
const whole: Lend<string> = (use) => use('it');
const none: Lend<string> = () => Promise.reject(new OperationError('no node'));

describe('workWith', () => {
  const work = (lent: string): Promise<string> => Promise.resolve(`${lent} works`);

  it('has what the work came to', async () => {
    expect(await workWith(whole, work)).to.deep.equal({ result: 'it works' });
  });

  it('keeps it when what was lent could not be taken back', async () => {
    expect(await workWith(stuck, work)).to.deep.equal({ result: 'it works', left });
    expect(await workWith(stuck, () => Promise.resolve(undefined))).to.deep.equal({
      result: undefined,
      left,
    });
  });

  it('throws what lending and the work throw', async () => {
    expect((await failureOf(workWith(none, work))).message).to.equal('no node');
    const broken = new PartialError('the stream broke');
    expect(await failureOf(workWith(whole, () => Promise.reject(broken)))).to.equal(broken);
    const bug: Lend<string> = async (use) => {
      await use('it');
      throw new TypeError('a bug');
    };
    expect(await failureOf(workWith(bug, work))).to.be.instanceOf(TypeError);
  });
});
