import { expect } from 'chai';
import { findLink, loadRules, readFlows, unloadTables } from '../../src/containment/node-side.ts';
import { OperationError } from '../../src/output/errors.ts';
import { fakeNode, flowsOutput, ordinaryLink } from './fake-node.ts';
import { shopSubject, uid } from './subjects.ts';

const { signal } = new AbortController();
const link = { pid: 4242, namespace: 'net:[1]', links: ['veth1'], uncut: [], nodeAddresses: [] };
const caught = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('the node side', () => {
  it('looks for the pod by address, uid in both spellings and container ids', async () => {
    const { collector, calls } = fakeNode(['nft'], () => ({ stdout: ordinaryLink }));
    expect((await findLink(collector, shopSubject(), signal)).links).to.deep.equal(['veth9bd0b104']);
    expect(calls[0]?.args).to.deep.equal(['10.244.1.7', uid, uid.replaceAll('-', '_'), 'b'.repeat(64)]);
  });

  it('says that nothing of the pod runs there', async () => {
    const { collector } = fakeNode([], () => ({ exitCode: 3 }));
    expect(await caught(findLink(collector, shopSubject(), signal))).to.be.instanceOf(OperationError);
  });

  it('tells what nft said, in one safe line', async () => {
    const { collector } = fakeNode(['nft'], () => ({ exitCode: 1, stderr: '\nError: \u001b[31mno\nmore' }));
    const error = (await caught(loadRules(collector, 'x', signal))) as OperationError;
    expect(error.message).to.equal('cannot load nft rules on node node-a: Error: \\x1b[31mno');
    expect(await caught(unloadTables(collector, uid, ['cut'], signal))).to.be.instanceOf(OperationError);
  });

  it('reads counters and which tries connected', async () => {
    const tries = [0, 1].map(
      (port) => ({ side: 'from', address: '10.0.0.1', port: port + 1, what: 'x', probe: false }) as const,
    );
    const { collector, calls } = fakeNode(['nft'], () => ({ stdout: flowsOutput(2, 1, [1]) }));
    const read = await readFlows(collector, link, {
      uid,
      seconds: 1,
      counted: true,
      rules: 'R',
      tries,
      signal,
    });
    expect(read.connected).to.deep.equal([false, true]);
    expect(read.counters?.passed.flows.size).to.equal(1);
    expect(calls[0]).to.deep.include({ input: 'R' });
    expect(calls[0]?.args).to.deep.equal([
      ...['4242', 'net:[1]', '1', `ir-count-${uid}`, 'from', '10.0.0.1', '1', 'from', '10.0.0.1', '2'],
    ]);
  });
});
