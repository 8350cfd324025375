import { expect } from 'chai';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { rawPath } from '../../src/filesystem/changes.ts';
import { ChangeLog } from '../../src/filesystem/change-log.ts';
import type { Change } from '../../src/filesystem/pod-diff.ts';
import { walkContainer } from '../../src/filesystem/walk-container.ts';
import type { WalkedContainer } from '../../src/filesystem/walk-container.ts';
import { localNode, MemorySink } from '../collector/local-node.ts';
import type { LocalNode } from '../collector/local-node.ts';
import { localCollector } from './local-collector.ts';
import { expectedChanges } from './oracle.ts';
import type { OverlayLab } from './overlay-lab.ts';
import { canMountOverlay, overlayLab } from './overlay-lab.ts';
import { randomChanges } from './random-changes.ts';
import { scenarios } from './scenarios.ts';

const id = 'a'.repeat(64);

/** A walk with its changes in memory. */
interface Walked extends WalkedContainer {
  readonly changes: readonly Change[];
}

async function diffOf(
  node: LocalNode,
  lab: Pick<OverlayLab, 'upper' | 'lowers'>,
  sink = new MemorySink(),
): Promise<Walked> {
  const log = await ChangeLog.open(node.directory);
  try {
    const walked = await walkContainer(
      localCollector(node),
      id,
      { upper: lab.upper, lowers: lab.lowers, userAttributes: false },
      { mountPoints: new Set(), started: undefined },
      { sink, log, signal: new AbortController().signal },
    );
    const changes: Change[] = [];
    for await (const change of log) changes.push(change);
    return { ...walked, changes };
  } finally {
    await log.close();
  }
}

/** The changes as the oracle writes them; what was only touched is the same for it. */
function asLines({ changes }: Walked): string[] {
  return changes
    .filter(({ change }) => change !== 'touched')
    .map((change) => {
      const raw = rawPath(change);
      if (change.change === 'deleted')
        return `deleted ${raw} ${change.type === 'directory' ? (change.below ?? 0) : ''}`.trimEnd();
      const content = change.sha256 ?? (change.type === 'symlink' ? 'link' : '');
      const from =
        change.from === undefined
          ? ''
          : ` from ${rawPath({
              path: change.from,
              ...(change.fromBytes === undefined ? {} : { pathBytes: change.fromBytes }),
            })}`;
      return `${change.change} ${raw} ${content}${from}`.trimEnd();
    })
    .sort();
}

/** Targets of links and numbers of devices are judged by `modified` alone. */
function comparable(lines: readonly string[]): string[] {
  return lines
    .map((line) => line.replace(/ link:[0-9a-f]{64}/, ' link').replace(/ device:[0-9]+$/, ''))
    .sort();
}

describe('the layers of a container, against a full walk of both trees', function () {
  this.timeout(60_000);
  let node: LocalNode;
  before(() => {
    if (!canMountOverlay()) throw new Error('run this as root on a kernel with overlay file systems');
    node = localNode('/.');
  });
  after(() => {
    node.remove();
  });

  for (const { name, layers, changes, options } of scenarios)
    it(name, async () => {
      const lab = await overlayLab(layers, options);
      try {
        lab.run(changes);
        const walked = await diffOf(node, lab);
        expect(walked.blind).to.deep.equal([]);
        expect(asLines(walked)).to.deep.equal(comparable(expectedChanges(lab.image, lab.container)));
      } finally {
        await lab.remove();
      }
    });

  it('random sequences of operations', async () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const { image, changes } = randomChanges(seed);
      const lab = await overlayLab(
        [image],
        seed % 2 === 0 ? 'index=off' : 'index=off,redirect_dir=on,metacopy=on',
      );
      try {
        lab.run(changes);
        const walked = await diffOf(node, lab);
        expect(walked.blind, `seed ${seed}`).to.deep.equal([]);
        expect(asLines(walked), `seed ${seed}`).to.deep.equal(
          comparable(expectedChanges(lab.image, lab.container)),
        );
      } finally {
        await lab.remove();
      }
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
      const { symlinkSync } = await import('node:fs');
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
