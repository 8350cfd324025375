import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { localNode, MemorySink } from './local-node.ts';
import type { LocalNode } from './local-node.ts';
import { collectFrames, type Exec } from '../../src/collector/running.ts';
import { sleepFor } from '../../src/output/io.ts';

describe('framing functions under busybox', function () {
  this.timeout(30_000);
  let node: LocalNode;
  let tree: string;
  const { signal } = new AbortController();

  beforeEach(() => {
    node = localNode();
    tree = join(node.directory, 'tree');
    mkdirSync(tree);
  });
  afterEach(() => node.remove());

  const collectOn = async (on: LocalNode, text: string, args: string[]): Promise<MemorySink> => {
    const sink = new MemorySink();
    await collectFrames(on.exec, { name: 'test', text }, sink, { args, signal });
    return sink;
  };
  const collect = (text: string, ...args: string[]): Promise<MemorySink> => collectOn(node, text, args);
  const one = 'frame_file test "$1" item "${2-}"';

  it('frames a file with its facts', async () => {
    writeFileSync(join(tree, 'a'), 'content\0\n');
    chmodSync(join(tree, 'a'), 0o4755);
    const { header, data, end } = (await collect('frame_file test "$1" "[root]/a"', join(tree, 'a'))).named(
      '[root]/a',
    );
    expect(data.toString()).to.equal('content\0\n');
    expect(end).to.deep.equal({ outcome: 'ok', length: 9 });
    expect(header.stat?.mode).to.equal(0o104755);
    expect(header.stat?.size).to.equal(9);
    expect(Number(header.stat?.modified)).to.be.greaterThan(1.6e18);
  });

  it('reads files of /proc, which say that they are empty', async () => {
    const sink = await collect(
      'frame_file p /proc/version a; printf "%s\\0" /proc/version | frame_list p /proc/ b/',
    );
    expect(sink.named('a').data.toString()).to.match(/^Linux version/);
    expect(sink.named('b/version').data.equals(sink.named('a').data)).to.equal(true);
  });

  for (const digest of ['sha256sum', 'sha512sum'])
    it(`sends large files in blocks that add up, with ${digest}`, async () => {
      writeFileSync(join(node.directory, 'spool/digest'), `${digest}\n`);
      const bytes = Buffer.alloc(35_000_001, 'some text and a count 0123456789');
      writeFileSync(join(tree, 'large'), bytes);
      const sink = await collect(
        'frame_gap test before skipped why; frame_file test "$1" item',
        join(tree, 'large'),
      );
      const { data, end } = sink.named('item');
      expect(end).to.deep.equal({ outcome: 'ok', length: bytes.length });
      expect(createHash('sha256').update(data).digest('hex')).to.equal(
        createHash('sha256').update(bytes).digest('hex'),
      );
    });

  it('holds no more than three blocks in memory while nobody takes them', async () => {
    writeFileSync(join(tree, 'large'), Buffer.alloc(60_000_000, 'x'));
    let most = 0;
    const spooled = (): number => {
      const { stdout } = spawnSync('du', ['-sk', join(node.directory, 'spool')]);
      return Number(stdout.toString().split('\t')[0]);
    };
    const slow: Exec = (options) =>
      node.exec({
        ...options,
        stdout: async (chunk) => {
          if (most === 0) {
            // Until it reads on, the script can only wait.
            while (spooled() < 2 * 8192) await sleepFor(100);
            await sleepFor(1000);
            most = spooled();
          }
          await options.stdout(chunk);
        },
      });
    const sink = new MemorySink();
    const args = [join(tree, 'large')];
    await collectFrames(slow, { name: 'test', text: one }, sink, { args, signal });
    expect(sink.named('item').end).to.deep.equal({ outcome: 'ok', length: 60_000_000 });
    expect(most).to.be.within(2 * 8192, 3 * 8192 + 200);
  });

  it('ends well where the spool is full', async () => {
    writeFileSync(join(tree, 'large'), Buffer.alloc(20_000_000, 'x'));
    const small =
      'mount -t tmpfs -o size=5m tmpfs "$IR_SPOOL" && echo sha256sum >"$IR_SPOOL/digest" && : >"$IR_SPOOL/ready" && exec "$@"';
    const apart = localNode('/', ['unshare', '-r', '-m', 'sh', '-c', small, 'sh']);
    const sink = await collectOn(apart, `${one}; frame_file test /proc/version after`, [join(tree, 'large')]);
    apart.remove();
    const { data, end } = sink.named('item');
    expect(end).to.deep.equal({ outcome: 'truncated', length: data.length, detail: 'no room in the spool' });
    expect(data.length).to.be.within(4_000_000, 5 << 20);
    expect(sink.named('after').end.outcome).to.equal('ok');
  });

  it('cuts at the cap, exactly and only when there is more', async () => {
    writeFileSync(join(tree, 'ten'), '0123456789');
    const path = join(tree, 'ten');
    expect((await collect(one, path, '10')).named('item').end).to.deep.equal({ outcome: 'ok', length: 10 });
    const cut = (await collect(one, path, '9')).named('item');
    expect(cut.end).to.deep.equal({ outcome: 'truncated', length: 9, detail: 'cut at 9 bytes' });
    expect(cut.data.toString()).to.equal('012345678');
  });

  it('reads little of a file that is mostly holes', async () => {
    writeFileSync(join(tree, 'holes'), 'x');
    truncateSync(join(tree, 'holes'), 1e12);
    const { header, end } = (await collect('frame_file test "$1" item', join(tree, 'holes'))).named('item');
    expect(end).to.deep.equal({
      outcome: 'truncated',
      length: 1 << 20,
      detail: 'sparse, cut at 1048576 bytes',
    });
    expect(header.stat?.size).to.equal(1e12);
  });

  it('never opens pipes, sockets and devices, nor follows a link', async () => {
    spawnSync('mkfifo', [join(tree, 'pipe')]);
    spawnSync('mknod', [join(tree, 'null'), 'c', '1', '3']);
    symlinkSync('/etc/passwd\n', join(tree, 'link'));
    const script =
      'for n in pipe null link; do frame_file test "$1/$n" "$n"; done; find "$1" -print0 | frame_list test "$1" all';
    const sink = await collect(script, tree);
    for (const prefix of ['', 'all/']) {
      for (const name of ['pipe', 'null']) {
        const { end, data } = sink.named(prefix + name);
        expect(end).to.deep.equal({ outcome: 'skipped', length: 0, detail: 'a pipe, socket or device' });
        expect(data.length).to.equal(0);
      }
      const { header, end } = sink.named(`${prefix}link`);
      expect([header.type, header.target?.toString(), end.outcome]).to.deep.equal([
        'symlink',
        '/etc/passwd\n',
        'ok',
      ]);
    }
    expect(sink.named('all').header.type).to.equal('directory');
  });

  it('does not read another file that was put in the place of the one it looked at', async () => {
    writeFileSync(join(tree, 'a'), 'x');
    writeFileSync(join(tree, 'secret'), 'secret');
    const swap = 'stat() { command stat "$@"; case "$*" in *"$F"*) ln -sf secret "$F" ;; esac; }';
    const { end, data } = (await collect(`F=$1; ${swap}; ${one}`, join(tree, 'a'))).named('item');
    expect([end.outcome, end.detail, data.length]).to.deep.equal([
      'vanished',
      'replaced before it was opened',
      0,
    ]);
  });

  it('does not take a file of the collector for one of the node', async () => {
    mkdirSync(join(tree, 'etc'));
    writeFileSync(join(tree, 'etc/here'), 'of the node');
    symlinkSync('/etc', join(tree, 'absolute'));
    symlinkSync('etc', join(tree, 'relative'));
    const host = localNode(tree);
    const text = 'for n in absolute/passwd relative/here etc/here; do frame_file test "$HOST/$n" "$n"; done';
    const sink = await collectOn(host, text, []);
    host.remove();
    expect(sink.named('absolute/passwd').end).to.deep.equal({
      outcome: 'skipped',
      length: 0,
      detail: 'a link on its way leads out of the mounted node',
    });
    expect(sink.named('relative/here').data.toString()).to.equal('of the node');
    expect(sink.named('etc/here').data.toString()).to.equal('of the node');
  });

  it('tells gone and forbidden files apart', async () => {
    const sink = await collect(
      'frame_file test "$1/gone" gone; printf "%s\\0" "$1/away" "$1" | frame_list test "$1" b',
      tree,
    );
    expect(sink.named('gone').end.outcome).to.equal('vanished');
    expect(sink.named('b/away').end.outcome).to.equal('vanished');
    expect(sink.named('b').end.outcome).to.equal('ok');
  });

  it('keeps what a failing script framed and says that it failed', async () => {
    const sink = new MemorySink();
    const error: unknown = await collectFrames(
      node.exec,
      { name: 'test', text: 'frame_output test a -- echo fine; echo "cannot go on" >&2; exit 7' },
      sink,
      { args: [], signal },
    ).catch((caught: unknown) => caught);
    expect(String(error)).to.match(/failed on the node after 1 item \(exit code 7\): cannot go on/);
    expect(sink.named('a').data.toString()).to.equal('fine\n');
  });

  it('frames files that grow while they are read as far as they were', async () => {
    const path = join(tree, 'log');
    writeFileSync(path, Buffer.alloc(5_000_000, 'x'));
    const timer = setInterval(() => appendFileSync(path, 'more'), 1);
    const { end, data } = (await collect('frame_file test "$1" item', path)).named('item');
    clearInterval(timer);
    expect(end.outcome).to.equal('ok');
    expect(data.length).to.be.at.least(5_000_000);
  });

  it('takes any names and targets, one at a time and many at once', async () => {
    const segment = fc
      .uint8Array({ minLength: 1, maxLength: 40 })
      .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x0a : byte))))
      .filter((name) => !['.', '..'].includes(name.toString('latin1')));
    const names = fc.uniqueArray(segment, {
      minLength: 1,
      maxLength: 60,
      selector: (name) => name.toString('hex'),
    });
    await fc.assert(
      fc.asyncProperty(names, async (list) => {
        rmSync(tree, { recursive: true });
        mkdirSync(tree);
        const path = (name: Buffer): Buffer => Buffer.concat([Buffer.from(`${tree}/`), name]);
        list.forEach((name, i) => {
          if (i % 3 === 2) symlinkSync(name, path(name));
          else writeFileSync(path(name), name);
        });
        const sink = await collect(
          'find "$1" -mindepth 1 -print0 | frame_list test "$1" many; for f in "$1"/* "$1"/.[!.]*; do [ -e "$f" ] || [ -L "$f" ] || continue; frame_file test "$f" "one${f#"$1"}"; done',
          tree,
        );
        list.forEach((name, i) => {
          const { header, data, end } = sink.named(Buffer.concat([Buffer.from('many/'), name]));
          expect(end.outcome).to.equal('ok');
          expect((i % 3 === 2 ? header.target : data)?.equals(name)).to.equal(true);
        });
        const singles = sink.items.filter(({ header }) => header.name.toString('latin1').startsWith('one/'));
        expect(singles.every(({ end }) => end.outcome === 'ok')).to.equal(true);
      }),
      { numRuns: 8 },
    );
  });

  it('say of a process that has ended and that nobody waited for that it is gone', async () => {
    const sink = await collect(`sh -c 'sleep 0 & echo $! >"$IR_RUN/pid"; exec sleep 5' & parent=$!
      until read -r pid <"$IR_RUN/pid" && grep -q 'Z (zombie)' "/proc/$pid/status"; do sleep 0.05; done
      printf '%s\\0' "/proc/$pid/exe" | frame_list test /proc/ ended/; kill "$parent"`);
    expect(sink.items.map(({ end }) => end.outcome)).to.deep.equal(['vanished']);
  });

  it('go on when a child ends while an item begins', async () => {
    const sink = await collect(`i=0; while [ $((i += 1)) -le 100 ]; do
      for n in 1 2 3 4 5; do true & done
      frame_output test "output $i" -- echo fine; frame_file test "$IR_RUN/script" "file $i"
    done`);
    expect(sink.items.length).to.equal(200);
    expect(sink.items.filter(({ end }) => end.outcome !== 'ok')).to.deep.equal([]);
  });

  it('end no process of somebody else that has the number of an ended child', async () => {
    const other = spawn('sleep', ['60']);
    const ended = once(other, 'exit');
    await collect(`ir_drop ${other.pid}; frame_output test a -- echo fine`);
    other.kill('SIGTERM');
    await ended;
    expect(other.signalCode).to.equal('SIGTERM');
  });

  describe('that wait for the clock, which ticks once a second', () => {
    let own: LocalNode;
    let swapped: MemorySink;
    let outputs: MemorySink;
    let leftBehind: MemorySink;

    // All at once, as they wait and do little else.
    before(async () => {
      own = localNode();
      const run = (text: string, ...args: string[]): Promise<MemorySink> => collectOn(own, text, args);
      const file = join(own.directory, 'a');
      writeFileSync(file, 'x');
      const swap =
        'IR_TIMEOUT=1; stat() { command stat "$@"; case "$*" in *"$F"*) rm -f "$F"; mkfifo "$F" ;; esac; }';
      [swapped, outputs, leftBehind] = await Promise.all([
        run(`F=$1; ${swap}; ${one}`, file),
        run(`frame_output test a -- echo fine
          frame_output test b -- sh -c 'echo some; echo "no luck" >&2; exit 3'
          frame_output test c -- no-such-tool
          IR_TIMEOUT=1; frame_output test d -- sh -c 'echo begun; sleep 60'
          IR_CAP=4 frame_output test e -- yes
          frame_gap test f skipped 'a
gap'`),
        run(`IR_TIMEOUT=0
          frame_output test a -- sh -c 'echo begun; while sleep 0.02; do echo stale; done & sleep 60'
          IR_TIMEOUT=9; IR_CAP=100; frame_output test b -- sh -c 'sleep 0.5; echo clean'
          frame_output test c -- sh -c 'while :; do echo much; done & wait'
          frame_output test d -- sh -c 'sleep 0.5; echo clean'`),
      ]);
    });
    after(() => own.remove());

    it('give up a pipe that was put in a file’s place after it was looked at', () => {
      expect(swapped.named('item').end).to.deep.equal({
        outcome: 'timeout',
        length: 0,
        detail: 'nothing came for 1 s',
      });
    });

    it('frame outputs with what went wrong', () => {
      const ends = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => outputs.named(name).end);
      expect(ends.map(({ outcome, length }) => `${outcome} ${length}`)).to.deep.equal([
        'ok 5',
        'truncated 5',
        'skipped 0',
        'timeout 6',
        'truncated 4',
        'skipped 0',
      ]);
      expect(ends[1]?.detail).to.equal('no luck');
      expect(ends[2]?.detail).to.contain('not found');
      expect(ends[5]?.detail).to.equal('a?gap');
    });

    it('keep what a killed command left behind out of the next item', () => {
      expect(leftBehind.named('b').data.toString()).to.equal('clean\n');
      expect(leftBehind.named('c').end).to.include({ outcome: 'truncated', length: 100 });
      expect(leftBehind.named('d').data.toString()).to.equal('clean\n');
    });
  });
});
