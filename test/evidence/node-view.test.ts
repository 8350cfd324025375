import { expect } from 'chai';
import type { ItemHeader, ItemSink } from '../../src/artifacts/item.ts';
import { NodeView } from '../../src/evidence/node-view.ts';
import { MemorySink } from '../collector/local-node.ts';
import { failureOf } from '../support/failure.ts';

const id = 'ab'.repeat(32);

function header(name: string, more: Partial<ItemHeader> = {}): ItemHeader {
  return { sequence: 1, artifact: 'process', name: Buffer.from(name), type: 'file', ...more };
}

async function put(
  sink: ItemSink,
  name: string,
  text: string,
  more: Partial<ItemHeader> = {},
): Promise<void> {
  await sink.begin(header(name, more));
  for (const character of text) await sink.write(Buffer.from(character));
  await sink.end({ outcome: 'ok', length: text.length });
}

async function link(sink: ItemSink, name: string, target: string): Promise<void> {
  await sink.begin(header(name, { type: 'symlink', target: Buffer.from(target) }));
  await sink.end({ outcome: 'ok', length: 0 });
}

describe('NodeView', () => {
  it('passes everything on and counts what it means', async () => {
    const sink = new MemorySink();
    const view = new NodeView(sink);
    await put(view, '[root]/proc/17/cgroup', `0::/kubepods/pod1/${id}\n`);
    await put(view, '[root]/proc/18/cgroup', `0::/kubepods/pod1/${id}\n`);
    await put(view, '[root]/proc/1/cmdline', 'init\0');
    await link(view, '[root]/proc/17/ns/net', 'net:[5]');
    await link(view, '[root]/proc/1/ns/net', 'net:[4]');
    await put(view, 'live_response/process/executables.txt', '17 1 2 0 3 4 5\n18 1 2 1 3 4 5\njunk\n');
    const row = '   0: 0100007F:1F90 0200007F:01BB 01 0:0 00:0 0  0        0 55 1\n';
    await put(view, '[root]/proc/net/tcp', `${row}${row}`);
    await put(view, '[root]/proc/17/net/tcp', row);
    await put(view, 'live_response/process/17/exe', 'ELF', { artifact: 'executable' });
    expect(view.counts()).to.deep.equal({
      processes: 3,
      containers: 1,
      sockets: 3,
      networkNamespaces: 2,
      deletedExecutables: 1,
      keptExecutables: 1,
    });
    expect(sink.items).to.have.length(9);
    expect(sink.named('[root]/proc/1/cmdline').data.toString()).to.equal('init\0');
  });

  it('remembers what the sink threw, and counts items that came too late', async () => {
    const view = new NodeView(new MemorySink());
    await view.begin(header('[root]/x'));
    await view.end({ outcome: 'timeout', length: 0 });
    expect(view.timeouts).to.equal(1);
    const full = new Error('disk full');
    const broken = new NodeView({
      begin: () => Promise.reject(full),
      write: () => Promise.resolve(),
      end: () => Promise.resolve(),
    });
    expect(await failureOf(broken.begin(header('[root]/x')))).to.equal(full);
    expect(broken.failure).to.equal(full);
  });
});
