import { expect } from 'chai';
import { Delivery } from '../../src/collector/delivery.ts';
import { MemorySink } from './local-node.ts';
import { nullSink, sampleStream, sampleToken } from './sample-stream.ts';

describe('Delivery', () => {
  const { bytes, blocks } = sampleStream(
    [{ name: Buffer.from('a'), data: Buffer.from('0123456789'), link: false }],
    [0],
  );

  it('waits for the sink before it goes on', async () => {
    let active = 0;
    let most = 0;
    const slow = async (): Promise<void> => {
      most = Math.max(most, (active += 1));
      await new Promise((resolve) => setImmediate(resolve));
      active -= 1;
    };
    const delivery = new Delivery(sampleToken, { begin: slow, write: slow, end: slow });
    await delivery.write(bytes);
    expect([most, delivery.bytes, delivery.items, delivery.exitCode]).to.deep.equal([1, 10, 1, 0]);
  });

  it('has nothing to wait for while a block is not whole', async () => {
    const sink = new MemorySink();
    const delivery = new Delivery(sampleToken, sink);
    expect(delivery.write(bytes.subarray(0, 200))).to.equal(undefined);
    await delivery.write(bytes.subarray(200));
    expect(sink.named('a').data.toString()).to.equal('0123456789');
  });

  it('ends an item that was cut off with what came of it, once', async () => {
    const sink = new MemorySink();
    const delivery = new Delivery(sampleToken, sink);
    await delivery.write(blocks[0] ?? Buffer.alloc(0));
    await delivery.cut('gone');
    await delivery.cut('gone');
    expect(sink.items.map(({ data, end }) => [data.toString(), end])).to.deep.equal([
      ['01234', { outcome: 'truncated', length: 5, detail: 'gone' }],
    ]);
  });

  it('gives nothing more to a sink that failed', async () => {
    const sink = {
      ...nullSink,
      write: () => Promise.reject(new Error('full')),
      end: () => Promise.reject(new Error('no')),
    };
    const delivery = new Delivery(sampleToken, sink);
    const error: unknown = await delivery.write(bytes)?.catch((reason: unknown) => reason);
    expect(error).to.have.property('message', 'full');
    await delivery.cut('gone');
    expect(delivery.sinkFailed).to.equal(true);
  });
});
