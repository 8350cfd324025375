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
  /** With limits that a test can fill: `cap` of 1,000,000 bytes, and `whole` of a lastlog. */
  const collect = async ({ whole = 33_554_432 } = {}): Promise<MemorySink> => {
    const script = namedScript('sessions');
    const text = script.text
      .replace(/\ncap=268435456\n/, '\ncap=1000000\n')
      .replace(/\nwhole=33554432 /, `\nwhole=${whole} `);
    expect(text).to.contain('\ncap=1000000\n').and.to.contain(`\nwhole=${whole} `);
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

  it('takes single records of a long lastlog only where they are not whole in what it took of it', async () => {
    plant('etc/passwd', Buffer.from([0, 5000, 6756, 6849, 8000].map((uid) => `u:x:${uid}:0:::\n`).join('')));
    const single = async (): Promise<string[]> =>
      (await collect({ whole: 2_000_000 })).items
        .map(({ header }) => header.name.toString())
        .filter((name) => name.startsWith('live_response/system/lastlog/'))
        .map((name) => name.slice('live_response/system/lastlog/'.length));
    plant('var/log/lastlog', Buffer.alloc(3_000_000, 1));
    const behind = ['292/6849', '292/8000', '296/6756', '296/6849', '296/8000'];
    expect(await single()).to.deep.equal(behind);
    plant('var/log/lastlog', Buffer.alloc(0));
    truncateSync(join(root, 'var/log/lastlog'), 3_000_000);
    // Of what is mostly holes the first MiB is taken.
    expect(await single()).to.deep.equal([
      '292/5000',
      '292/6756',
      ...behind.slice(0, 2),
      '296/5000',
      ...behind.slice(2),
    ]);
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
