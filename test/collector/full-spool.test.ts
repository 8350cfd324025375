import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { callScript, collectFrames } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';

describe('a spool that is full', function () {
  this.timeout(60_000);
  let node: LocalNode;
  let tree: string;
  const { signal } = new AbortController();

  /** A spool of its own in each run; `more` is done in it first. */
  const small = (size: string, more = 'true'): LocalNode => {
    const make = `mount -t tmpfs -o size=${size} tmpfs "$IR_SPOOL" && echo sha256sum >"$IR_SPOOL/digest" && : >"$IR_SPOOL/ready" && { ${more}; exec "$@"; }`;
    return localNode('/', ['unshare', '-r', '-m', 'sh', '-c', make, 'sh']);
  };
  const collect = async (text: string, ...args: string[]): Promise<[MemorySink, string]> => {
    const sink = new MemorySink();
    const failed = await collectFrames(node.exec, { name: 'test', text }, sink, { args, signal }).then(
      () => '',
      String,
    );
    return [sink, failed];
  };
  const fill = 'dd if=/dev/zero of="$IR_RUN/fill" bs=4096 2>/dev/null';

  beforeEach(() => {
    node = small('2m');
    tree = join(node.directory, 'tree');
    mkdirSync(tree);
    for (let i = 0; i < 64; i += 1) writeFileSync(join(tree, String(i)), Buffer.alloc(1000 + i * 100, 'x'));
  });
  afterEach(() => node.remove());

  it('breaks the stream off where an item could not be told, also when there is room again', async () => {
    const [sink, failed] = await collect(
      `${fill}
      i=0; while [ $((i += 1)) -le 200 ]; do frame_gap test "a $i" skipped why; frame_file test "$1/1" "b $i"; done
      rm "$IR_RUN/fill"; frame_gap test last skipped why`,
      tree,
    );
    expect(failed).to.contain('no room in the spool');
    for (const { data, end } of sink.items) if (end.outcome === 'ok') expect(data.length).to.equal(1100);
  });

  it('ends no item well that is not whole, however little room there is', async () => {
    for (let pages = 2; pages <= 80; pages += 6) {
      const [sink, failed] = await collect(
        `${fill}; truncate -s "-$((4096 * $2))" "$IR_RUN/fill"; find "$1" -type f -print0 | frame_list test "$1" a; rm "$IR_RUN/fill"`,
        tree,
        String(pages),
      );
      if (failed === '') expect(sink.items.length).to.equal(64);
      else expect(failed).to.contain('no room in the spool');
      for (const { header, data, end } of sink.items)
        if (end.outcome === 'ok') expect(data.length, `${pages} pages`).to.equal(header.stat?.size);
    }
  });

  it('is told at the end, for a list of the script may be cut', async () => {
    const [sink, failed] = await collect(`frame_file test "$1/1" item; ${fill}; true`, tree);
    expect(failed).to.match(/exit code 75\): no room in the spool/);
    expect(sink.named('item').end).to.deep.equal({ outcome: 'ok', length: 1100 });
  });

  it('keeps a call from being begun', async () => {
    const before = small('2m', 'dd if=/dev/zero of="$IR_SPOOL/fill" bs=4096 count=490 2>/dev/null');
    const done = join(node.directory, 'done');
    const call = { args: [done], limit: 100, signal };
    const failed = await callScript(before.exec, { name: 'test', text: ': >"$1"' }, call).then(
      () => '',
      String,
    );
    before.remove();
    expect(failed).to.contain('no room in the spool');
    expect(existsSync(done)).to.equal(false);
  });

  it('has room for what can be had of a database after a copy that did not fit', async () => {
    const database = join(node.directory, 'database');
    spawnSync('dd', ['if=/dev/zero', `of=${database}`, 'bs=65536', 'count=40']);
    const sink = new MemorySink();
    const args = ['token', '100', '20000000', '20000000'];
    const input = Buffer.from(`${database}\n`);
    await collectFrames(node.exec, namedScript('node-databases'), sink, { args, signal, input });
    expect(sink.named('live_response/node-databases/1.before').end.outcome).to.equal('ok');
    expect(sink.named(`[root]${database}`).end).to.include({ detail: 'no room in the spool' });
    expect(sink.named(`[root]${database}`).data.length).to.be.greaterThan(1_500_000);
  });
});
