import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { collectFrames } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { localNode, MemorySink } from './local-node.ts';

/** Gives two network namespaces without a process names on the node. */
const give = `for name in plain 'a
.. b'; do unshare -n mount --bind /proc/self/ns/net "$IR_HOST/run/netns/$name"; done; exec "$@"`;

describe('sockets.sh', function () {
  this.timeout(60_000);
  it('reads namespaces without a process, whatever their names', async () => {
    const root = mkdtempSync(join(tmpdir(), 'sockets-root-'));
    const node = localNode(root, ['unshare', '-m', 'sh', '-c', give, 'sh']);
    mkdirSync(join(root, 'run/netns'), { recursive: true });
    for (const name of ['plain', 'a\n.. b']) writeFileSync(join(root, 'run/netns', name), '');
    const sink = new MemorySink();
    const { signal } = new AbortController();
    try {
      await collectFrames(node.exec, namedScript('sockets'), sink, { args: [], signal });
    } finally {
      node.remove();
      rmSync(root, { recursive: true });
    }
    const tables = sink.items.filter(({ header }) =>
      /^live_response\/network\/netns\/\d+\/tcp$/.test(header.name.toString()),
    );
    expect(tables.map(({ end }) => end.outcome)).to.deep.equal(['ok']);
    expect(sink.named('[root]/run/netns/a\n.. b').end.detail).to.equal('a line end in its name');
  });
});
