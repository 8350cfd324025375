import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openAcquisition } from '../../src/evidence/reader.ts';
import { withCollectorCost } from '../bench/collector-cost.ts';
import { measuredSnapshot } from '../bench/measured-snapshot.ts';
import { amountOf } from '../support/amounts.ts';
import { measured } from '../support/figures.ts';
import { image, nodeShell } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { nodeNames, onNode } from './support/world.ts';

/** MiB of all logs that are planted, in files of equal size. */
const mebibytes = amountOf('logMebibytes');
const files = 8;
const directory = '/var/log/e2e-large';

const [node = ''] = await nodeNames();

describe('a snapshot of large logs', function () {
  requires(this, image('collector'), nodeShell());
  this.timeout(120_000 + mebibytes * 200);
  let dir: string;
  /** Digests as the node tells them, by path. */
  const digests = new Map<string, string>();

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-snapshot-large-'));
    const size = Math.ceil((mebibytes * 1024 ** 2) / files);
    const { code, stdout, stderr } = await onNode(
      node,
      `mkdir -p ${directory} && cd ${directory} && for i in $(seq ${files}); do
        head -c ${size} /dev/urandom >$i.log || exit; done; sha256sum ${directory}/*`,
    );
    expect(code, stderr).to.equal(0);
    for (const line of stdout.trim().split('\n')) digests.set(line.slice(66), line.slice(0, 64));
    expect(digests.size).to.equal(files);
  });
  after(async () => {
    await onNode(node, `rm -rf ${directory}`);
    await rm(dir, { recursive: true, force: true });
  });

  it(`takes ${mebibytes} MiB whole, in less than 200 MB of memory here and 64 MB there`, async () => {
    const words = ['node', node, '--profile', 'logs', '--yes', '--case', dir];
    const { result: taken, cost } = await withCollectorCost(node, () => measuredSnapshot(words));
    const { items } = await openAcquisition(taken.acquisition);
    for (const [path, sha256] of digests)
      expect(
        items.find(({ name }) => name === `[root]${path}`),
        path,
      ).to.include({ outcome: 'ok', sha256 });
    const speed = taken.bytes / 1e6 / taken.logsSeconds;
    await measured(
      `${mebibytes} MiB of logs of a node, sha256 equal`,
      `${taken.logsSeconds.toFixed(0)} s, ${speed.toFixed(0)} MB/s`,
    );
    await measured('peak memory of that: client; collector', `${mb(taken.rss)}; ${mb(cost.ownBytes)}`);
    await measured(
      'processors of the collector meanwhile, on average; at most for a second',
      `${(cost.cpuSeconds / cost.seconds).toFixed(2)}; ${cost.mostCpus.toFixed(2)}`,
    );
    expect(taken.rss).to.be.below(200e6);
    expect(cost.ownBytes).to.be.below(64e6);
  });
});

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
