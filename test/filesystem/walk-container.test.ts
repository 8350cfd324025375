import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { localNode, MemorySink } from '../collector/local-node.ts';
import type { LocalNode } from '../collector/local-node.ts';
import { amountOf } from '../support/amounts.ts';
import { expectedChanges } from './oracle.ts';
import { canMountOverlay, overlayLab } from './overlay-lab.ts';
import { scenarios } from './scenarios.ts';
import { asLines, comparable, diffOf } from './walked.ts';

describe('the layers of a container, against a full walk of both trees', function () {
  this.timeout(600_000);
  let node: LocalNode;
  before(() => {
    if (!canMountOverlay()) throw new Error('run this as root on a kernel with overlay file systems');
    node = localNode('/.');
  });
  after(() => {
    node.remove();
  });

  for (const { name, layers, changes, options } of scenarios)
    it(`${name}; and the same when it has ended`, async () => {
      const lab = await overlayLab(layers, options);
      try {
        lab.run(changes);
        const expected = comparable(expectedChanges(lab.image, lab.container));
        const running = await diffOf(node, lab);
        expect(running.blind).to.deep.equal([]);
        expect(asLines(running)).to.deep.equal(expected);
        await lab.end();
        const ended = await diffOf(node, lab);
        expect(ended).to.deep.equal(running);
      } finally {
        await lab.remove();
      }
    });

  it('leaves the access times of the layers alone', async () => {
    const lab = await overlayLab(['mkdir d; echo 1 >d/f; echo 2 >g; touch -a -d 2001-01-01 d/f g d']);
    try {
      lab.run('echo 3 >>d/f; echo 4 >h; touch -a -d 2001-01-01 h d d/f');
      const paths = [lab.upper, ...lab.lowers].flatMap((layer) =>
        ['', 'd', 'd/f'].map((path) => join(layer, path)),
      );
      const before = paths.map((path) => statSync(path, { bigint: true }).atimeNs);
      const walked = await diffOf(node, lab);
      expect(walked.changes.map(({ path }) => path).sort()).to.deep.equal(['/d/f', '/h']);
      expect(paths.map((path) => statSync(path, { bigint: true }).atimeNs)).to.deep.equal(before);
    } finally {
      await lab.remove();
    }
  });

  it('takes nothing from a program that writes while it looks, and leaves the overlay as it was', async () => {
    const lab = await overlayLab(['mkdir d; echo 1 >d/f; echo 2 >g']);
    lab.run('echo 1 >d/log');
    const written = join(lab.container, 'd/log');
    const writer = spawn('sh', [
      '-c',
      'i=1; while i=$((i + 1)); do echo $i; sleep 0.01; done >>"$1"',
      'sh',
      written,
    ]);
    try {
      for (let i = 0; i < amountOf('looks'); i += 1) {
        const { changes, blind } = await diffOf(node, lab);
        expect(changes.map(({ path }) => path)).to.include('/d/log');
        expect(blind).to.deep.equal([]);
      }
      const gone = once(writer, 'exit');
      writer.kill('SIGKILL');
      await gone;
      const lines = readFileSync(written, 'utf8').split('\n').slice(0, -1);
      expect(lines.findIndex((line, i) => line !== String(i + 1))).to.equal(-1);
      lab.run('echo 3 >>g; rm d/f; mv g h; [ "$(cat h)" = "$(printf "2\\n3")" ]');
    } finally {
      writer.kill('SIGKILL');
      await lab.remove();
    }
  });

  it('says what it missed when the container is removed while it looks', async () => {
    const lab = await overlayLab(['echo 1 >f']);
    try {
      // More than the collector holds before it waits for us, 24 MiB: else the walk may be over before anything is removed.
      lab.run('mkdir d; cd d; seq -f %0240.0f 20000 | xargs touch');
      const sink = new MemorySink();
      const walked = await diffOf(node, lab, {
        begin: (header) => {
          // Nothing of the walk comes before its first block is full. At once, as it races with the walk.
          renameSync(join(lab.upper, 'd'), join(lab.upper, '../removed'));
          return sink.begin(header);
        },
        write: (chunk) => sink.write(chunk),
        end: (end) => sink.end(end),
      });
      expect(walked.blind.length).to.be.greaterThan(0);
      expect(walked.changes.length).to.be.greaterThan(1000).and.lessThan(20_000);
    } finally {
      await lab.remove();
    }
  });

  it('says where a path was too long to be followed', async () => {
    const lab = await overlayLab(['echo 1 >f']);
    try {
      lab.run(
        'x=$(printf "x%.0s" $(seq 100)); for i in $(seq 60); do mkdir $x; cd -P $x; done; echo payload >p',
      );
      const { blind, changes } = await diffOf(node, lab);
      expect(blind).to.have.length(1);
      expect(blind[0]?.what).to.match(/File name too long$/);
      expect(changes.length).to.be.greaterThan(30);
    } finally {
      lab.run('rm -r xxx*');
      await lab.remove();
    }
  });

  it('is blind when the lists of what was deleted do not fit into the memory of the collector', async () => {
    const mounted =
      'mount -t tmpfs -o size=2m spool "$IR_SPOOL" && echo sha256sum >"$IR_SPOOL/digest" && : >"$IR_SPOOL/ready" && exec "$@"';
    const small = localNode('/.', [
      '/usr/bin/unshare',
      '-m',
      '--propagation',
      'private',
      'sh',
      '-c',
      mounted,
      'sh',
    ]);
    const lab = await overlayLab(['mkdir d; cd d; seq -f some-file-name-%.0f.dat 30000 | xargs touch']);
    try {
      lab.run('rm -r d; echo 1 >f');
      const { blind, changes } = await diffOf(small, lab);
      expect(changes).to.deep.equal([]);
      expect(blind.map(({ why }) => why)).to.deep.equal([
        'skipped: what the image lost is too much for the memory of the collector',
      ]);
      expect((await diffOf(node, lab)).changes.map(({ path }) => path).sort()).to.deep.equal(['/d', '/f']);
    } finally {
      await lab.remove();
      small.remove();
    }
  });

  it('is blind when a layer is not there', async () => {
    const lab = await overlayLab(['echo 1 >f']);
    try {
      const { blind, changes } = await diffOf(node, { ...lab, lowers: [...lab.lowers, '/nowhere/fs'] });
      expect(changes).to.deep.equal([]);
      expect(blind[0]).to.deep.equal({
        what: 'file system',
        why: "skipped: layer 2 of the container is not on the node's disk (0 is the writable one)",
      });
    } finally {
      await lab.remove();
    }
  });

  it('finds layers whose paths lead over links, hold colons and are long', async () => {
    const lab = await overlayLab(['echo 1 >f']);
    try {
      const moved = `${lab.upper.split('/snapshots/')[0] ?? ''}/odd:,\\ name`;
      lab.run('echo 2 >g');
      symlinkSync('snapshots', moved);
      const odd = (path: string): string => path.replace(/^.*\/snapshots/, moved);
      const walked = await diffOf(node, { ...lab, upper: odd(lab.upper), lowers: lab.lowers.map(odd) });
      expect(walked.blind).to.deep.equal([]);
      expect(walked.upper).to.equal(lab.upper);
      expect(asLines(walked)).to.deep.equal(comparable(expectedChanges(lab.image, lab.container)));
    } finally {
      await lab.remove();
    }
  });
});
