import { expect } from 'chai';
import type { ItemEnd } from '../../src/artifacts/item.ts';
import { collectFrames } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { failureOf } from '../support/failure.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';

describe('processes of which a few seconds are waited for', function () {
  this.timeout(60_000);
  let node: LocalNode;
  before(() => (node = localNode()));
  after(() => node.remove());

  it('are all there with what dies first, though the rest did not come', async () => {
    const stop = new AbortController();
    const sink = new (class extends MemorySink {
      override end(end: ItemEnd): Promise<void> {
        stop.abort();
        return super.end(end);
      }
    })();
    const options = { args: [], signal: stop.signal, input: Buffer.alloc(0) };
    await failureOf(collectFrames(node.exec, namedScript('processes'), sink, options));
    expect(stop.signal.aborted).to.equal(true);
    for (const name of ['stat', 'cmdline', 'status', 'cgroup'])
      expect(sink.named(`[root]/proc/${process.pid}/${name}`).end.outcome).to.equal('ok');
    const names = sink.items.map(({ header }) => header.name.toString('latin1'));
    expect(names).not.to.include('live_response/process/descriptor_mounts.txt');
  });
});
