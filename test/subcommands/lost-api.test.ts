import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readCustody } from '../../src/evidence/custody-log.ts';
import { openAcquisition } from '../../src/evidence/reader.ts';
import { addNode } from '../collector/fake-kubelet.ts';
import { localNode, type LocalNode } from '../collector/local-node.ts';
import { ContainmentLab, holdingNode } from '../containment/containment-lab.ts';
import { aPod } from '../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import type { LoggedRequest } from '../fake-api/requests.ts';
import { runLine } from './whole-line.ts';

/** Lets an API server vanish, with all its connections, right after it got a request; resolves when it is gone. */
function vanishAt(fake: FakeApi, moment: (request: LoggedRequest) => boolean): Promise<void> {
  return new Promise((resolve) => {
    fake.intercept((request) => {
      if (moment(request)) setImmediate(() => void fake.close().then(resolve, resolve));
      return undefined;
    });
  });
}

const refused = 'The connection to the server 127\\.0\\.0\\.1:\\d+ was refused';

describe('an API server that goes away in the middle', function () {
  this.timeout(60_000);
  let dir: string;
  let place: string;
  let node: LocalNode;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lost-api-'));
    place = join(dir, 'case');
    await mkdir(join(dir, 'node/proc'), { recursive: true });
    node = localNode(join(dir, 'node'));
  });
  afterEach(async () => {
    node.remove();
    await rm(dir, { recursive: true, force: true });
  });
  const cluster = (fake: FakeApi): string[] => [
    '--server',
    fake.url,
    '--token',
    'fake-token',
    '--case',
    place,
  ];

  it('of a diff is one error, and what came is kept as partial', async () => {
    const fake = await startFakeApi();
    addNode(fake, node);
    fake.put(aPod('web'));
    let execs = 0;
    const gone = vanishAt(fake, ({ path }) => path.endsWith('/exec') && ++execs === 3);
    const { code, out, err } = await runLine(['diff', 'pod', 'web', ...cluster(fake)]);
    await gone;
    expect([code, out]).to.deep.equal([3, '']);
    expect(err.match(/^error: .*/gm), err).to.have.length(1);
    expect(err)
      .to.match(
        /^error: the stream from the node broke after 0 items: .*the connection closed without a status$/m,
      )
      .and.match(new RegExp(`^warning: the collector pod \\S+ is not gone: ${refused}`, 'm'))
      .and.not.contain('mistake');
    const [name = '', ...more] = await readdir(join(place, 'data/acquisitions'));
    expect(more).to.deep.equal([]);
    const { info, items } = await openAcquisition(join(place, 'data/acquisitions', name));
    expect(info.outcome).to.equal('partial');
    expect(info.reason).to.match(/^the stream from the node broke/);
    expect(items.map((item) => item.name)).to.include.members(['[root]/proc/1/mountinfo', 'uac.log']);
  });

  it('of a release leaves the record, and says once why and of each step that it was not done', async () => {
    const lab = await ContainmentLab.start();
    await lab.isolate(holdingNode().collector);
    await runLine(['case', 'open', place]);
    const gone = vanishAt(lab.fake, ({ method, path }) => method === 'POST' && path.endsWith('/pods'));
    const { code, out, err } = await runLine(['release', 'shop-1-x', '--yes', ...cluster(lab.fake)]);
    await lab.api.close();
    await gone;
    expect([code, out]).to.deep.equal([
      3,
      'pod/shop-1-x not wholly released: cut, inside, deny, detach, guard; the record stays\n',
    ]);
    expect(err).to.match(new RegExp(`^ {3}fail {3}cut .*${refused}`, 'm'));
    for (const step of ['inside', 'deny', 'detach'])
      expect(err).to.match(new RegExp(`^ {3}fail {3}${step} .* for the same reason as cut$`, 'm'));
    expect(err.match(new RegExp(`^.*${refused}`, 'gm')), err).to.have.length(1);
    expect(err).to.match(/^ {3}fail {3}guard .*guards stay on the pod, because cut, inside, deny, detach/m);
    expect(err).not.to.contain('mistake');
    expect(lab.record()).not.to.equal(undefined);
    const results: string[] = [];
    await readCustody(place, ({ action, result }) => {
      if (action === 'release') results.push(result);
    });
    expect(results).to.deep.equal(['started', 'partial']);
  });

  it('after the link is open again keeps labels and guards off, and the record', async () => {
    const lab = await ContainmentLab.start();
    await lab.isolate(holdingNode().collector);
    const gone = vanishAt(
      lab.fake,
      ({ method, path }) => method === 'DELETE' && path.includes('networkpolicies'),
    );
    const { complete, steps } = await lab.release(holdingNode().collector);
    await lab.api.close();
    await gone;
    expect([complete, steps.map(({ name, done }) => [name, done])]).to.deep.equal([
      false,
      [
        ['cut', true],
        ['inside', true],
        ['deny', false],
        ['detach', false],
        ['guard', false],
      ],
    ]);
    expect(steps[2]?.detail).to.match(new RegExp(`^${refused}`));
    expect(lab.record()).not.to.equal(undefined);
  });
});
