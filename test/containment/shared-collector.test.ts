import { expect } from 'chai';
import { type OnNode, SharedCollector } from '../../src/containment/shared-collector.ts';
import { PartialError } from '../../src/output/errors.ts';
import { failureOf } from '../support/failure.ts';
import { fakeNode } from './fake-node.ts';

describe('SharedCollector', () => {
  const { collector } = fakeNode([], () => undefined);
  const lending = (log: string[], after: () => Promise<void> = () => Promise.resolve()): OnNode => {
    return async (node, use) => {
      log.push(`start ${node}`);
      const result = await use(collector);
      log.push('stop');
      await after();
      return result;
    };
  };

  it('is started once, lent as often as it is wanted, and removed', async () => {
    const log: string[] = [];
    const shared = new SharedCollector(lending(log));
    expect(await shared.lend('node-a', (one) => Promise.resolve(one === collector))).to.equal(true);
    expect(await shared.lend('node-a', () => Promise.resolve(7))).to.equal(7);
    expect(log).to.deep.equal(['start node-a']);
    await shared.close();
    expect(log).to.deep.equal(['start node-a', 'stop']);
  });

  it('is never started when nobody wants it', async () => {
    const log: string[] = [];
    await new SharedCollector(lending(log)).close();
    expect(log).to.deep.equal([]);
  });

  it('lets a failed work through and can still be lent', async () => {
    const shared = new SharedCollector(lending([]));
    expect(await failureOf(shared.lend('node-a', () => Promise.reject(new Error('no luck'))))).to.match(
      /no luck/,
    );
    expect(await shared.lend('node-a', () => Promise.resolve(1))).to.equal(1);
    await shared.close();
  });

  it('says why it could not be started, every time, and what removing it threw', async () => {
    let starts = 0;
    const shared = new SharedCollector(<T>(): Promise<T> => {
      starts += 1;
      return Promise.reject(new PartialError('no room'));
    });
    for (let i = 0; i < 2; i += 1)
      expect((await failureOf(shared.lend('node-a', () => Promise.resolve()))).message).to.equal('no room');
    await shared.close();
    expect(starts).to.equal(1);
    const stuck = new SharedCollector(lending([], () => Promise.reject(new PartialError('not gone'))));
    await stuck.lend('node-a', () => Promise.resolve());
    expect((await failureOf(stuck.close())).message).to.equal('not gone');
  });
});
