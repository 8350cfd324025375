import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boltHeadBytes } from '../../src/artifacts/bolt.ts';
import type { NodeFiles } from '../../src/filesystem/node-files.ts';
import { nodeFiles } from '../../src/filesystem/node-files.ts';
import type { LocalNode } from '../collector/local-node.ts';
import { localNode, MemorySink } from '../collector/local-node.ts';
import { boltFile } from './bolt-writer.ts';
import { localCollector } from './local-collector.ts';

describe('files of a node, read by the scripts', function () {
  this.timeout(30_000);
  let tree: string;
  let local: LocalNode;
  let sink: MemorySink;
  let node: NodeFiles;
  before(() => {
    tree = mkdtempSync(join(tmpdir(), 'kubectl-ir-node-'));
    local = localNode(tree);
    for (const path of ['etc', 'data/store/conf.d', 'run']) mkdirSync(join(tree, path), { recursive: true });
    writeFileSync(join(tree, 'data/store/a\nb'), 'newline');
    writeFileSync(join(tree, 'data/store/plain'), 'plain');
    for (const name of ['1.conf', '2.conf']) writeFileSync(join(tree, 'data/store/conf.d', name), name);
    mkdirSync(join(tree, 'data/store/conf.d/below'));
    symlinkSync('/data/store', join(tree, 'link'));
    symlinkSync('../../../../../../../../etc/passwd', join(tree, 'etc/out'));
    symlinkSync('/etc/loop', join(tree, 'etc/loop'));
    writeFileSync(join(tree, 'data/store/meta.db'), boltFile({ v1: { key: 'value' } }, 7n));
  });
  after(() => {
    local.remove();
    rmSync(tree, { recursive: true, force: true });
  });
  beforeEach(() => {
    sink = new MemorySink();
    node = nodeFiles(localCollector(local), sink, new AbortController().signal);
  });

  it('come by the path that was asked for, through the links of the node, and are evidence', async () => {
    const found = await node.files(['/link/plain', '/data/store/a\nb', '/nothing', '/link/conf.d']);
    expect([...found].map(([path, bytes]) => [path, bytes.toString()])).to.deep.equal([
      ['/link/plain', 'plain'],
      ['/data/store/a\nb', 'newline'],
      ['/link/conf.d/1.conf', '1.conf'],
      ['/link/conf.d/2.conf', '2.conf'],
    ]);
    expect(sink.named('[root]/data/store/plain').header.stat?.size).to.equal(5);
  });

  it('are never files of the collector, whatever links say', async () => {
    expect([
      ...(await node.files(['/etc/out', '/etc/loop', '/link/../../../etc/passwd'])).keys(),
    ]).to.deep.equal([]);
  });

  it('may be directories, of which the place is told', async () => {
    const found = await node.places(['/link', '/link/plain', '/nothing', '/data/store/conf.d']);
    expect([...found]).to.deep.equal([
      ['/link', '/data/store'],
      ['/data/store/conf.d', '/data/store/conf.d'],
    ]);
  });

  it('may be databases, which come whole between two transactions', async () => {
    const found = await node.databases(['/nothing', '/link/meta.db', '/link/plain']);
    expect(found.get('/link/meta.db')).to.deep.equal(boltFile({ v1: { key: 'value' } }, 7n));
    expect(found.get('/link/plain')).to.match(/no valid meta page/);
    expect(found.has('/nothing')).to.equal(false);
    expect(sink.items.map(({ header }) => header.name.toString())).to.include.members([
      'live_response/node-databases/2.before',
      '[root]/data/store/meta.db',
      'live_response/node-databases/2.after',
    ]);
  });

  it('are not read when they are as large as no database is', async () => {
    writeFileSync(join(tree, 'run/huge.db'), boltFile({}));
    truncateSync(join(tree, 'run/huge.db'), 2 ** 40);
    const found = await node.databases(['/run/huge.db']);
    expect(found.get('/run/huge.db')).to.match(/^larger than \d+ bytes$/);
  });

  it('are no sound copy when a transaction ended meanwhile', async () => {
    const [old, later] = [boltFile({ a: 'x' }, 7n), boltFile({ a: 'y' }, 9n)];
    const heads = { before: old, copy: old, after: later };
    const answers = async (before: Buffer, copy: Buffer, after: Buffer): Promise<unknown> => {
      const collector = scripted(before.subarray(0, boltHeadBytes), copy, after.subarray(0, boltHeadBytes));
      const files = nodeFiles(collector, new MemorySink(), new AbortController().signal);
      return (await files.databases(['/m.db'])).get('/m.db');
    };
    expect(await answers(heads.before, heads.copy, heads.after)).to.equal(
      'the runtime wrote it each time it was read',
    );
    expect(await answers(later, old, old)).to.equal('the runtime wrote it each time it was read');
    expect(await answers(old, old, old)).to.deep.equal(old);
  });
});

/** A collector that sends these for the first database each time it is asked. */
function scripted(before: Buffer, copy: Buffer, after: Buffer): Parameters<typeof nodeFiles>[0] {
  const collect: Parameters<typeof nodeFiles>[0]['collect'] = async (_, args, sink) => {
    const items: readonly (readonly [string, Buffer])[] = [
      ['live_response/node-databases/1.path', Buffer.from(`/m.db${args[0] ?? ''}`)],
      ['live_response/node-databases/1.before', before],
      ['[root]/m.db', copy],
      ['live_response/node-databases/1.after', after],
    ];
    for (const [i, [name, bytes]] of items.entries()) {
      await sink.begin({
        sequence: i + 1,
        artifact: 'container-store',
        name: Buffer.from(name),
        type: 'file',
      });
      await sink.write(bytes);
      await sink.end({ outcome: 'ok', length: bytes.length });
    }
    return { items: items.length, bytes: 0 };
  };
  return { collect } as unknown as Parameters<typeof nodeFiles>[0];
}
