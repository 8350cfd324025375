import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectFrames } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';
import { plantIn } from './plant.ts';

const signal = new AbortController().signal;

describe('sessions.sh', function () {
  this.timeout(60_000);
  let root: string;
  let node: LocalNode;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sessions-root-'));
    node = localNode(root);
  });
  afterEach(() => {
    node.remove();
    rmSync(root, { recursive: true, force: true });
  });

  const plant = (path: string, content: Buffer): void => plantIn(root, path, content);
  /** With a limit that a test can fill, of 1,000,000 bytes. */
  const collect = async (): Promise<MemorySink> => {
    const script = namedScript('sessions');
    const text = script.text.replace('\ncap=268435456\n', '\ncap=1000000\n');
    expect(text).not.to.equal(script.text);
    const sink = new MemorySink();
    await collectFrames(node.exec, { ...script, text }, sink, { args: [], signal, input: Buffer.alloc(0) });
    return sink;
  };
  /** Records that begin with their number. */
  const records = (size: number, count: number): Buffer => {
    const bytes = Buffer.alloc(size * count, 1);
    for (let number = 0; number < count; number += 1) bytes.writeUInt32LE(number, number * size);
    return bytes;
  };

  it('takes the end of login records from the beginning of one, also behind a cut one', async () => {
    for (const size of [384, 400]) {
      const all = records(size, 4001);
      for (const [name, bytes] of [
        ['btmp', all],
        ['wtmp.1', Buffer.concat([all, Buffer.alloc(17)])],
      ] as const) {
        plant(`var/log/${name}`, bytes);
        const { data, end } = (await collect()).named(`[root]/var/log/${name}`);
        expect(end.outcome).to.equal('truncated');
        expect(data.length).to.be.within(1_000_000 - 9600, 1_000_000);
        expect((bytes.length - data.length) % size, `${name} of ${size}`).to.equal(0);
        expect(bytes.subarray(-data.length).equals(data)).to.equal(true);
      }
    }
  });

  it('does so of a file that is mostly holes', async () => {
    plant('var/log/btmp', Buffer.alloc(0));
    truncateSync(join(root, 'var/log/btmp'), 384 * 100_001);
    const { data } = (await collect()).named('[root]/var/log/btmp');
    expect(data.length).to.be.within(1_000_000 - 9600, 1_048_576);
    expect((384 * 100_001 - data.length) % 9600).to.equal(0);
  });

  it('takes all of what is shorter, also where /var/log is elsewhere', async () => {
    plant('data/log/wtmp', records(384, 3));
    mkdirSync(join(root, 'var'));
    symlinkSync('/data/log', join(root, 'var/log'));
    const { data, end } = (await collect()).named('[root]/var/log/wtmp');
    expect(end.outcome).to.equal('ok');
    expect(data.equals(records(384, 3))).to.equal(true);
  });
});
