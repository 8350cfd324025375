import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { collectFrames } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { boltFile } from '../filesystem/bolt-writer.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';

/** A beginning of the script with which a database is written each time before it is read. */
const written = `count=0
dd() {
  case $1 in
    if=*/meta.db)
      count=$((count + 1))
      printf %08d "$count" | command dd of="\${1#if=}" conv=notrunc 2>/dev/null
      ;;
  esac
  command dd "$@"
}\n`;
const database = 'var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db';

describe('databases that runtime.sh takes', function () {
  this.timeout(60_000);
  let root: string;
  let node: LocalNode;
  let path: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'runtime-root-'));
    node = localNode(root);
    path = join(root, database);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, boltFile({ v1: { key: 'value' } }, 7n));
    utimesSync(path, 1_700_000_000, 1_700_000_000);
  });
  afterEach(() => {
    node.remove();
    rmSync(root, { recursive: true });
  });

  const taken = async (before = ''): Promise<MemorySink> => {
    const sink = new MemorySink();
    const { signal } = new AbortController();
    const { name, text } = namedScript('runtime');
    await collectFrames(node.exec, { name, text: before + text }, sink, { args: [], signal });
    return sink;
  };

  it('are there as they were between two transactions, with the facts of the file', async () => {
    const sink = await taken();
    const { header, data } = sink.named(`[root]/${database}`);
    expect(data).to.deep.equal(boltFile({ v1: { key: 'value' } }, 7n));
    expect(header.stat).to.include({ size: data.length, mode: statSync(path).mode });
    expect(header.stat?.modified).to.equal(1_700_000_000_000_000_000n);
    expect(sink.items.map((item) => item.header.name.toString())).to.not.include(`[root]/${database}.torn`);
  });

  it('are there as they were read where they are written all the time, and that is told', async () => {
    const sink = await taken(written);
    expect(sink.named(`[root]/${database}`).data.length).to.equal(statSync(path).size);
    expect(sink.named(`[root]/${database}.torn`).end).to.include({
      outcome: 'truncated',
      detail: 'written while it was read: its pages are of different times',
    });
  });
});
